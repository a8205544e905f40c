// Rows of the store and payloads of the journal: what decodes is written again as the same bytes when it came
// from this version, and in any case as something that decodes to the same. A row's frame gives back what was
// put into it, and nothing for another key.

#include "persistence/codec.hpp"
#include "persistence/record.hpp"
#include "tests/fuzz/bytes.hpp"

using namespace bulkhead;
using fuzz::expect;

namespace {

template <class T>
void check(std::string_view bytes, std::uint8_t version, model::Result<T> (*decode)(std::string_view)) {
  const auto decoded = decode(bytes);
  if (!decoded) return;
  const auto written = persistence::encoded(*decoded);
  const auto again = decode(written);
  expect(again.has_value(), "what was written can be read");
  expect(persistence::encoded(*again) == written, "what was written is read as what it was");
  if (static_cast<std::uint8_t>(bytes.front()) == version)
    expect(written == bytes, "one value, one encoding");
}

void check_frame(std::string_view payload, std::uint8_t kind) {
  const std::string key(1, static_cast<char>(kind));
  auto framed = persistence::frame_record("accounts", key, payload);
  const auto back = persistence::unframe_record("accounts", key, framed);
  expect(back && *back == payload, "a frame gives back what was put into it");
  expect(!persistence::unframe_record("accounts", key + "x", framed), "another key is another row");
  expect(!persistence::unframe_record("notes", key, framed), "another table is another row");
  framed[kind % framed.size()] ^= 1;
  expect(!persistence::unframe_record("accounts", key, framed), "one flipped bit is seen");
  (void)persistence::unframe_record("accounts", key, payload);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace persistence;
  fuzz::Bytes bytes(data, size);
  const auto kind = bytes.byte();
  const auto rest = bytes.rest();
  switch (kind % 9) {
  case 0: check(rest, event_version, decode_event); break;
  case 1: check(rest, decision_version, decode_decision); break;
  case 2: check(rest, account_state_version, decode_account_state); break;
  case 3: check(rest, account_state_version, decode_stored_account); break;
  case 4: check(rest, store_row_version, decode_lockout_record); break;
  case 5: check(rest, store_row_version, decode_day_summary); break;
  case 6: check(rest, store_row_version, decode_note); break;
  case 7: check(rest, store_row_version, decode_cached_contract); break;
  default: check_frame(rest, kind); break;
  }
  return 0;
}
