#pragma once
// One account's connections and the requests that wait for one. Owned by the RestPool; io thread only, but
// for warm(). How connections are chosen, opened and replaced is written in rest_transport.hpp.

#include "protocol/net/rest_connection.hpp"
#include "protocol/net/rest_queue.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace bulkhead::protocol::net {

/// Counts connections over all lanes.
class RestSlots {
public:
  explicit RestSlots(std::size_t most) : most_(most) {}
  enum class Purpose { request, warmth };
  /// Warmth leaves an eighth of the slots to requests.
  [[nodiscard]] bool take(Purpose purpose) noexcept {
    const std::size_t most = purpose == Purpose::request ? most_ : most_ - most_ / 8;
    if (open_ >= most) return false;
    ++open_;
    return true;
  }
  void give_back() noexcept { --open_; }
  [[nodiscard]] bool exhausted() const noexcept { return open_ >= most_; }

private:
  std::size_t most_;
  std::size_t open_ = 0;
};

class RestLane : public std::enable_shared_from_this<RestLane> {
public:
  struct Handlers {
    std::function<bool()> free_a_slot; // closes a spare idle connection of some lane; false if there is none
    std::function<void()> on_slot_freed; // a slot or, with all of them taken, a connection became free
    std::function<std::shared_ptr<RestLane>()> lender; // the lane with most idle connections, if any has one
  };
  RestLane(std::shared_ptr<RestSite> site, std::shared_ptr<RestSlots> slots, Handlers handlers);

  void submit(RestJob job);
  void set_width(std::size_t connections);
  /// Opens what the width or waiting requests ask for, as far as there are slots.
  void fill();
  /// Closes one idle connection beyond the width; false if there is none.
  [[nodiscard]] bool drop_spare();
  /// Connections that another lane's request could use now.
  [[nodiscard]] std::size_t can_lend() const;
  void close(const model::Error& why);
  /// Connected and idle. Any thread.
  [[nodiscard]] std::size_t warm() const noexcept { return warm_.load(std::memory_order_relaxed); }

private:
  using Connection = std::shared_ptr<RestConnection>;
  using Timer = asio::basic_waitable_timer<RestConnection::Clock, asio::wait_traits<RestConnection::Clock>,
                                           Stream::executor_type>;

  void on_idle(const Connection& connection);
  void on_closed(const Connection& connection, const model::Error& why);
  void fill_for_requests();
  /// Sends a waiting request over another lane's idle connection; false if it has to go on waiting.
  [[nodiscard]] bool borrow();
  void carry(RestJob job);
  void fill_for_width();
  void narrow_later();
  void open();
  void forget(const Connection& connection);
  /// Those it is true for are as good as dead.
  template <class Suspect>
  void drop_idle(Suspect suspect);
  void count_outcome(const RestConnection& connection);
  void count_warm() noexcept { warm_.store(idle_.size(), std::memory_order_relaxed); }
  [[nodiscard]] RestConnection::Clock::duration backoff() const;

  std::shared_ptr<RestSite> site_;
  std::shared_ptr<RestSlots> slots_;
  Handlers handlers_;
  std::size_t width_ = 0;
  std::vector<Connection> connections_; // all of them
  std::vector<Connection> idle_;        // the one used last is at the back
  std::size_t connecting_ = 0;
  std::shared_ptr<std::size_t> borrowed_ = std::make_shared<std::size_t>(0);
  std::shared_ptr<RestQueue> waiting_;
  std::atomic<std::size_t> warm_{0};
  unsigned failures_ = 0; // rounds in a row in which connections could not be made or died young
  RestConnection::Clock::time_point last_failure_{};
  bool refill_pending_ = false;
  bool narrowing_ = false;
  bool closed_ = false;
  Timer refill_timer_;
  Timer narrow_timer_;
};

} // namespace bulkhead::protocol::net
