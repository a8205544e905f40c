#pragma once
// Values of the domain as bytes and back. encode() appends a version byte and the fields; decode_...() takes
// exactly those bytes and answers Errc::corrupt for anything else, Errc::unsupported for a version of a newer
// release. The numbers written for payload kinds and enumerators are the indices in model/ and never change
// meaning (docs/journal_format.md). Pure functions, any thread.

#include "model/account_state.hpp"
#include "model/decision.hpp"
#include "model/event.hpp"
#include "persistence/store.hpp"

#include <string>
#include <string_view>

namespace bulkhead::persistence {

inline constexpr std::uint8_t event_version = 4;
inline constexpr std::uint8_t decision_version = 2;
inline constexpr std::uint8_t account_state_version = 7;
inline constexpr std::uint8_t store_row_version = 2;

void encode(const model::Event& value, std::string& out);
void encode(const model::Decision& value, std::string& out);
void encode(const model::AccountState& value, std::string& out);
void encode(const StoredAccount& value, std::string& out);
void encode(const LockoutRecord& value, std::string& out);
void encode(const DaySummary& value, std::string& out);
void encode(const Note& value, std::string& out);
void encode(const CachedContract& value, std::string& out);

template <class T>
[[nodiscard]] std::string encoded(const T& value) {
  std::string out;
  encode(value, out);
  return out;
}

[[nodiscard]] model::Result<model::Event> decode_event(std::string_view bytes);
[[nodiscard]] model::Result<model::Decision> decode_decision(std::string_view bytes);
[[nodiscard]] model::Result<model::AccountState> decode_account_state(std::string_view bytes);
[[nodiscard]] model::Result<StoredAccount> decode_stored_account(std::string_view bytes);
[[nodiscard]] model::Result<LockoutRecord> decode_lockout_record(std::string_view bytes);
[[nodiscard]] model::Result<DaySummary> decode_day_summary(std::string_view bytes);
[[nodiscard]] model::Result<Note> decode_note(std::string_view bytes);
[[nodiscard]] model::Result<CachedContract> decode_cached_contract(std::string_view bytes);

} // namespace bulkhead::persistence
