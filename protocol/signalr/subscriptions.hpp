#pragma once
// The invocations a hub session (re)sends after every handshake, and what became of each: asked, confirmed,
// or refused and waiting to be asked again. An answer that does not come counts as a refusal. Part of
// HubSession, same thread. At most `most` entries; add() refuses more. Each entry waits for one answer at a
// time.

#include "protocol/backoff.hpp"
#include "protocol/signalr/actions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::protocol::signalr {

class Subscriptions {
public:
  static constexpr std::size_t most = 4096;

  Subscriptions(Backoff retry, model::Duration answer_within)
      : retry_(std::move(retry)), patience_(answer_within) {}

  /// A known key with the same call changes nothing; with another call it replaces the entry. False when
  /// full.
  [[nodiscard]] bool add(std::string key, std::string target, std::string arguments);
  /// False when nothing is known under that key.
  bool remove(std::string_view key);

  /// A new connection: everything must be asked again, ids start at 0.
  void on_connected() noexcept;
  /// Appends what must be sent or reported now. True when something was sent.
  bool advance(model::Instant now, Actions& out);

  enum class Outcome { confirmed, refused, unknown_id };
  Outcome on_completion(std::string_view id, std::optional<std::string_view> error, model::Instant now,
                        Actions& out);

  [[nodiscard]] bool all_confirmed() const noexcept;
  /// When advance() has something to do.
  [[nodiscard]] std::optional<model::Instant> next_timer() const noexcept;

private:
  enum class Phase { to_ask, asked, confirmed, refused };
  struct Entry {
    std::string key;
    std::string target;
    std::string arguments;
    Backoff retry;
    Phase phase = Phase::to_ask;
    std::uint64_t id = 0; // while asked
    model::Instant due{}; // asked: the answer's deadline; refused: when to ask again
  };
  void refuse(Entry& entry, std::string_view error, model::Instant now, Actions& out);

  Backoff retry_;
  model::Duration patience_;
  std::vector<Entry> entries_; // in the order of adding
  std::uint64_t next_id_ = 0;
};

} // namespace bulkhead::protocol::signalr
