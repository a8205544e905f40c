#include "protocol/net/io_thread.hpp"

#include "model/error.hpp"

#include <pthread.h>
#include <stdexcept>

namespace bulkhead::protocol::net {

IoThread::IoThread(std::string_view name, OnException on_exception, Waiting waiting)
    : on_exception_(std::move(on_exception)), waiting_(waiting) {
  model::require(static_cast<bool>(on_exception_), "an io thread needs somebody to tell about exceptions");
  thread_ = std::thread([this] { run(); });
  // Fifteen characters are what the kernel keeps; longer names would be refused, not cut.
  pthread_setname_np(thread_.native_handle(), std::string(name.substr(0, 15)).c_str());
}

IoThread::~IoThread() { stop(); }

void IoThread::stop() {
  model::require(thread_.get_id() != std::this_thread::get_id(), "an io thread cannot join itself");
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

void IoThread::run() {
  while (!context_.stopped()) {
    try {
      waiting_ == Waiting::spinning ? spin() : static_cast<void>(context_.run());
    } catch (const std::exception& problem) {
      // The throwing handler is gone, the queue is intact: one bad handler must not take every socket with
      // it.
      on_exception_(problem.what());
    }
  }
}

void IoThread::spin() {
  while (!context_.stopped()) {
#if defined(__x86_64__)
    // The other thread of the same core goes on faster meanwhile.
    if (context_.poll() == 0) __builtin_ia32_pause();
#else
    context_.poll();
#endif
  }
}

} // namespace bulkhead::protocol::net
