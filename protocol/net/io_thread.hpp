#pragma once
// One io_context and the one thread that runs it: the home of sockets where no scheduler runs them itself.
// Owned by the composition root, which must stop it (or destroy it) after the transports that live on it.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace bulkhead::protocol::net {

class IoThread {
public:
  /// What the thread does while there is nothing to do. Spinning takes a whole core, for events that need not
  /// wait until the kernel has woken it.
  enum class Waiting { asleep, spinning };
  /// Told on the io thread about an exception that left a handler; the thread then goes on with the next
  /// handler.
  using OnException = std::function<void(std::string_view what)>;

  /// Starts the thread. `name` shows up in ps and top, cut at 15 characters. Requires: on_exception is
  /// callable.
  IoThread(std::string_view name, OnException on_exception, Waiting waiting = Waiting::asleep);
  /// Calls stop().
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  /// Abandons what is pending and joins. Idempotent. Requires: not called on the io thread itself.
  void stop();

private:
  void run();
  void spin();

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  OnException on_exception_;
  const Waiting waiting_;
  std::thread thread_;
};

} // namespace bulkhead::protocol::net
