#pragma once
// The real actors of the breach path (a connection, the router, accounts with their enforcement) on the real
// Asio scheduler, before a websocket and a gateway of memory. Two accounts: one whose journal leads nowhere,
// one with the journal and the detached journal actor of the daemon. The clock leaps between samples, so that
// the request budget of a minute is never used up. Owned by the driver's thread, which alone calls it; the
// gateway lives on the breach shard.

#include "actors/journal.hpp"
#include "bench/statistics.hpp"
#include "protocol/net/io_thread.hpp"

#include <caf/actor_system.hpp>
#include <filesystem>
#include <memory>

namespace bulkhead::bench {

inline const model::AccountId unjournaled{1}, journaled{2};

/// One breaching position event, as the bytes of a websocket message.
[[nodiscard]] std::string position_message(model::AccountId account, int size);

/// Where on its way the event enters.
enum class Entry {
  account,    // decoded and routed by the caller
  router,     // decoded by the caller
  connection, // the bytes
};

class PathHouse {
public:
  /// `directory`: of the journal and the store. Errors: io.
  [[nodiscard]] static model::Result<std::unique_ptr<PathHouse>> make(const std::filesystem::path& directory);
  ~PathHouse();
  PathHouse(const PathHouse&) = delete;
  PathHouse& operator=(const PathHouse&) = delete;

  /// From the bytes to the close request at the transport; the close is proved and the account flat again
  /// when it returns. Errors: timeout.
  [[nodiscard]] model::Result<MonotonicNanos> breach(model::AccountId account, Entry entry);

private:
  struct Parts;
  explicit PathHouse(std::unique_ptr<Parts> parts);
  [[nodiscard]] MonotonicNanos deliver(model::AccountId account, Entry entry, int size);
  template <class Condition>
  [[nodiscard]] model::Result<void> wait_for(const char* what, Condition condition);

  std::unique_ptr<Parts> parts_;
};

} // namespace bulkhead::bench
