#include "protocol/net/io_thread.hpp"

#include <boost/asio/post.hpp>
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

} // namespace
} // namespace bulkhead::protocol::net
