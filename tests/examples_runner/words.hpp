#pragma once
// The small language of the example files (tests/examples/README.md): contracts, times and events in the
// words of a trader. Text that means nothing throws std::invalid_argument with the text. Pure functions but
// for WordReader, which keeps the last version of each order; owned by one test.

#include "model/event.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::examples {

inline constexpr std::int64_t account_number = 1001;

/// "MNQ" is CON.F.US.MNQ.U26, "ES" the gateway's CON.F.US.EP.U26, "MNQ.Z26" another expiry, "CON..." itself.
[[nodiscard]] model::ContractId contract_of(std::string_view text);
/// An ISO instant, or seconds after `start`.
[[nodiscard]] model::Instant time_of(std::string_view text, model::Instant start);
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

/// What a person orders at `at`: "admin lock account no_new_exposure until 600 as RULE-006", "admin lift
/// RULE-003", "admin flatten". Nothing for any other event.
[[nodiscard]] std::optional<model::Payload> admin_command(std::string_view text, model::Instant at,
                                                          model::Instant start);

/// Words taken one after the other.
class Words {
public:
  explicit Words(std::string_view text) : text_(text), words_(split_words(text)) {}
  [[nodiscard]] bool done() const { return next_ == words_.size(); }
  [[nodiscard]] bool take(std::string_view word);
  [[nodiscard]] std::string text();
  [[nodiscard]] std::int64_t number();
  [[nodiscard]] model::Price price();
  [[nodiscard]] model::Money money();
  [[nodiscard]] model::ContractId contract() { return contract_of(text()); }
  [[noreturn]] void refuse() const;

private:
  std::string text_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
};

/// Reads what an account can be told by the gateway.
class WordReader {
public:
  explicit WordReader(model::Instant start) : start_(start) {}
  /// A position, order, fill, quote or account event that happened at `at`.
  [[nodiscard]] model::Payload read(std::string_view text, model::Instant at);

private:
  [[nodiscard]] model::PositionUpdate position(Words& words, model::PositionType type) const;
  [[nodiscard]] model::Order order(Words& words, model::Instant at);
  [[nodiscard]] model::Fill fill(Words& words, model::Instant at) const;
  [[nodiscard]] model::Account account(Words& words) const;
  [[nodiscard]] model::QuoteUpdate quote(Words& words) const;

  model::Instant start_;
  std::map<model::OrderId, model::Order> orders_;
};

} // namespace bulkhead::examples
