#pragma once
// Both hubs: who is connected, which negotiated ids are out, and the fan-out of the book's changes to the
// connections subscribed to them. Also the place where streams are made to misbehave. Owned by the core, io
// thread only. At most 1024 negotiated ids wait (the oldest is forgotten) and 65536 withheld events (more are
// lost, as in a gap).

#include "simulator/book.hpp"
#include "simulator/hub_connection.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace bulkhead::simulator {

/// Why a connection is refused, as an HTTP status: 404 unknown id, 409 taken id.
using HubAdmission = boost::system::result<std::shared_ptr<HubConnection>, int>;

class Hubs {
public:
  Hubs(const SimulatorOptions& options, const Book& book) : options_(options), book_(book) {}

  /// The body of a negotiate answer.
  [[nodiscard]] std::string negotiate(HubKind kind, int requested_version);
  /// A new connection; without `id` it skipped the negotiation.
  [[nodiscard]] HubAdmission connect(HubKind kind, const std::string& user,
                                     const std::optional<std::string>& id);

  void publish(const Changes& changes);
  [[nodiscard]] std::size_t count(HubKind kind) const;

  // Faults; `hub` empty means both.
  void drop(const std::string& hub, bool with_close, const std::optional<std::string>& error,
            std::optional<bool> allow_reconnect);
  void stall(const std::string& hub);
  void duplicate_next(int events) noexcept { duplicates_ = events; }
  void withhold() noexcept { withholding_ = true; }
  void release();

private:
  struct Negotiated {
    std::string id;
    HubKind kind;
    std::weak_ptr<HubConnection> connection;
    bool used = false;
  };
  struct Addressed {
    Topic topic;
    std::string key;
    std::string owner; // of user events
    Event event;
  };
  [[nodiscard]] std::vector<std::shared_ptr<HubConnection>> live(const std::string& hub = {}) const;
  [[nodiscard]] std::vector<Addressed> address(const Change& change) const;
  void deliver(const Addressed& item, const std::vector<std::shared_ptr<HubConnection>>& to);
  void first_events(HubConnection& connection, Topic topic, const std::string& key) const;
  [[nodiscard]] bool knows(const std::string& user, Topic topic, const std::string& key) const;

  const SimulatorOptions& options_;
  const Book& book_;
  std::vector<std::weak_ptr<HubConnection>> connections_;
  std::deque<Negotiated> negotiated_;
  std::deque<Addressed> withheld_;
  int duplicates_ = 0;
  bool withholding_ = false;
  std::uint64_t serial_ = 0;
};

} // namespace bulkhead::simulator
