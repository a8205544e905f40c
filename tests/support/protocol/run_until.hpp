#pragma once
// Drives an io_context on the test's own thread until something has happened: no sleeps, no locks, and the
// callbacks of what is tested run where the test can look at their results.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace bulkhead::testing {

/// False if `done` is still false after `limit`, which only a failing test waits for.
template <class Predicate>
[[nodiscard]] bool run_until(boost::asio::io_context& io, Predicate done,
                             std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  const auto work = boost::asio::make_work_guard(io);
  const auto end = std::chrono::steady_clock::now() + limit;
  io.restart();
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    io.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

} // namespace bulkhead::testing
