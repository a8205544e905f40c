// What a certified peer may send to the control port, after CAF has put it together: texts and figures of any
// content. What passes is plain text of bounded length and figures in range; what is refused is answered with
// a text that can be shown.

#include "actors/control_request.hpp"
#include "tests/fuzz/bytes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace bulkhead;
using fuzz::expect;

namespace {

/// Throws, which ends the fuzzer, for bytes that are not UTF-8.
void expect_shown(const std::string& text) {
  const auto dumped = nlohmann::json(text).dump();
  expect(nlohmann::json::parse(dumped) == text, "a text survives being shown");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  actors::ControlRequest request;
  request.command = bytes.byte();
  request.limit = static_cast<std::uint32_t>(bytes.figure());
  request.account_id = bytes.figure();
  request.order_id = bytes.figure();
  request.duration_seconds = bytes.figure();
  request.since_micros = bytes.figure();
  request.amount_micros = bytes.figure();
  const std::initializer_list<std::string*> texts{&request.request_id, &request.token,   &request.contract,
                                                  &request.symbol,     &request.reason,  &request.source,
                                                  &request.rule,       &request.pattern, &request.level};
  for (auto* text : texts) *text = bytes.piece();
  request.secret = bytes.rest();

  const auto refused = actors::malformed(request);
  if (refused) {
    expect(!refused->error.empty() && !refused->message.empty(), "a refusal says why");
    for (const auto* text : {&refused->request_id, &refused->error, &refused->message}) expect_shown(*text);
    return 0;
  }
  for (const auto* text : texts) {
    expect(text->size() <= 200, "what passes is short");
    expect(std::none_of(text->begin(), text->end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }),
           "what passes has no control byte");
    expect_shown(*text);
  }
  expect(request.secret.size() <= 1024, "a password is short");
  expect(request.account_id >= 0 && request.order_id >= 0 && request.since_micros >= 0, "no negative figure");
  expect(request.duration_seconds >= 0 && request.duration_seconds <= 8760LL * 3600, "a year at most");
  expect(request.limit <= 10'000, "bounded answers");
  expect(actors::find_command(request.command) != nullptr, "a known command");
  return 0;
}
