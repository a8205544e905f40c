#include "persistence/codec.hpp"
#include "persistence/codec_fields_state.hpp"
#include "persistence/codec_versioned.hpp"

namespace bulkhead::persistence {

void encode(const model::AccountState& value, std::string& out) {
  encode_versioned(value, account_state_version, out);
}
// The row is the state and one number, so it shares the version of the state.
void encode(const StoredAccount& value, std::string& out) {
  encode_versioned(value, account_state_version, out);
}
void encode(const LockoutRecord& value, std::string& out) { encode_versioned(value, store_row_version, out); }
void encode(const DaySummary& value, std::string& out) { encode_versioned(value, store_row_version, out); }
void encode(const Note& value, std::string& out) { encode_versioned(value, store_row_version, out); }
void encode(const CachedContract& value, std::string& out) {
  encode_versioned(value, store_row_version, out);
}

model::Result<model::AccountState> decode_account_state(std::string_view bytes) {
  return decode_versioned<model::AccountState>(bytes, account_state_version, "account state");
}
model::Result<StoredAccount> decode_stored_account(std::string_view bytes) {
  return decode_versioned<StoredAccount>(bytes, account_state_version, "stored account");
}
model::Result<LockoutRecord> decode_lockout_record(std::string_view bytes) {
  return decode_versioned<LockoutRecord>(bytes, store_row_version, "lockout record");
}
model::Result<DaySummary> decode_day_summary(std::string_view bytes) {
  return decode_versioned<DaySummary>(bytes, store_row_version, "day summary");
}
model::Result<Note> decode_note(std::string_view bytes) {
  return decode_versioned<Note>(bytes, store_row_version, "note");
}
model::Result<CachedContract> decode_cached_contract(std::string_view bytes) {
  return decode_versioned<CachedContract>(bytes, store_row_version, "cached contract");
}

} // namespace bulkhead::persistence
