#include "protocol/net/io_thread.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <ctime>
#include <future>
#include <gtest/gtest.h>
#include <pthread.h>
#include <stdexcept>

namespace bulkhead::protocol::net {
namespace {

TEST(IoThread, RunsWhatIsPostedOnItsNamedThread) {
  IoThread thread("bulkhead-io-with-a-long-name", [](std::string_view) { FAIL(); });
  std::promise<std::string> name;
  boost::asio::post(thread.context(), [&] {
    char text[16] = {};
    pthread_getname_np(pthread_self(), text, sizeof text);
    name.set_value(text);
  });
  // The name is set by the starter; posting from it comes later, so the thread sees it.
  EXPECT_EQ(name.get_future().get(), "bulkhead-io-wit");
}

TEST(IoThread, SurvivesAHandlerThatThrows) {
  std::promise<std::string> told;
  IoThread thread("io", [&](std::string_view what) { told.set_value(std::string(what)); });
  boost::asio::post(thread.context(), [] { throw std::runtime_error("broken handler"); });
  EXPECT_EQ(told.get_future().get(), "broken handler");
  std::promise<void> next;
  boost::asio::post(thread.context(), [&] { next.set_value(); });
  next.get_future().get();
}

TEST(IoThread, StopsTwiceWithoutHarm) {
  IoThread thread("io", [](std::string_view) { FAIL(); });
  thread.stop();
  thread.stop();
  bool ran = false;
  boost::asio::post(thread.context(), [&] { ran = true; });
  EXPECT_FALSE(ran);
}

std::chrono::nanoseconds own_cpu_time() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

/// Rings every five milliseconds until its thread has used 20 ms of CPU since it was made, 300 times at most.
struct Alarm {
  explicit Alarm(IoThread& thread) : timer(thread.context()) {}
  void wait() {
    timer.expires_after(std::chrono::milliseconds{5});
    timer.async_wait([this](boost::system::error_code) {
      const auto used = own_cpu_time();
      if (rings++ == 0) began = used;
      if (used - began >= std::chrono::milliseconds{20} || rings == 300)
        done.set_value(used - began);
      else
        wait();
    });
  }
  boost::asio::steady_timer timer;
  std::chrono::nanoseconds began{};
  int rings = 0;
  std::promise<std::chrono::nanoseconds> done;
};

TEST(IoThread, WorksWhileItSpinsAndStopsWhenTold) {
  std::promise<std::string> told;
  IoThread thread(
      "io", [&](std::string_view what) { told.set_value(std::string(what)); }, IoThread::Waiting::spinning);
  Alarm alarm(thread);
  boost::asio::post(thread.context(), [&] {
    alarm.wait();
    throw std::runtime_error("broken handler");
  });
  EXPECT_EQ(told.get_future().get(), "broken handler");
  // One that slept would use some microseconds between two rings.
  EXPECT_GE(alarm.done.get_future().get(), std::chrono::milliseconds{20});
  thread.stop();
  EXPECT_TRUE(thread.context().stopped());
}

} // namespace
} // namespace bulkhead::protocol::net
