#include "tests/examples_runner/outcome.hpp"
#include "tests/examples_runner/words.hpp"

#include <algorithm>
#include <array>

namespace bulkhead::examples {

using namespace model;

namespace {

std::string until(const std::optional<Instant>& end) {
  return end ? "until " + format_instant(*end, 3) : std::string("without end");
}

std::string text_of(const EnforcementIntent& intent) {
  switch (intent.kind) {
  case EnforcementIntent::Kind::close_position: return "close " + intent.contract.value;
  case EnforcementIntent::Kind::reduce_position:
    return "reduce " + intent.contract.value + " to " + std::to_string(intent.target);
  case EnforcementIntent::Kind::cancel_order: return "cancel " + std::to_string(intent.order.value);
  }
  return {};
}

std::string text_of(const Lockout& row) {
  return "lock " + to_string(row.source) + (row.symbol ? " symbol " + row.symbol->value : " account") + " " +
         std::string(to_string(row.mode)) + " " + until(row.expires_at);
}

std::string text_of(const AutomationRequest& request) {
  switch (request.kind) {
  case AutomationRequest::Kind::place_stop:
    return "place " + std::string(to_string(request.side)) + " " + std::to_string(request.size) + " " +
           request.contract.value + " at " + to_string(request.stop_price);
  case AutomationRequest::Kind::modify_stop:
    return "move " + std::to_string(request.order.value_or(OrderId{}).value) + " to " +
           to_string(request.stop_price) + " size " + std::to_string(request.size);
  }
  return {};
}

/// "RULE-003 account until 22:00": the mode is flatten unless told otherwise.
std::string expected_lock(const std::string& text, Instant start) {
  Words words(text);
  std::string out = "lock " + words.text();
  if (words.take("symbol"))
    out += " symbol " + words.text();
  else if (words.take("account"))
    out += " account";
  else
    words.refuse();
  out += words.take("no_new_exposure") ? " no_new_exposure " : " flatten ";
  if (words.take("until")) return out + until(time_of(words.text(), start));
  if (!words.take("without") || !words.take("end")) words.refuse();
  return out + until(std::nullopt);
}

} // namespace

bool is_outcome(std::string_view key) {
  static constexpr std::array<std::string_view, 8> keys = {"close",  "reduce", "cancel", "lock",
                                                           "unlock", "breach", "place",  "move"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string expected_outcome(const std::string& key, const std::string& text, Instant start) {
  Words words(text);
  if (key == "close") return "close " + words.contract().value;
  if (key == "lock") return expected_lock(text, start);
  if (key == "reduce") {
    const auto contract = words.contract();
    if (!words.take("to")) words.refuse();
    return "reduce " + contract.value + " to " + words.text();
  }
  if (key == "place") { // "sell 2 MNQ at 21000"
    const std::string side = words.text();
    const std::string size = words.text();
    const auto contract = words.contract();
    if (!words.take("at")) words.refuse();
    return "place " + side + " " + size + " " + contract.value + " at " + to_string(words.price());
  }
  if (key == "move") { // "7 to 21000 size 2"
    const std::string order = words.text();
    if (!words.take("to")) words.refuse();
    const auto price = words.price();
    if (!words.take("size")) words.refuse();
    return "move " + order + " to " + to_string(price) + " size " + words.text();
  }
  return key + " " + text;
}

std::vector<std::string> outcomes(const Decision& decision) {
  std::vector<std::string> out;
  for (const auto& intent : decision.intents) out.push_back(text_of(intent));
  for (const auto& row : decision.lockouts_set) {
    // A row laid twice is one row.
    const std::string text = text_of(row);
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(text);
  }
  for (const auto& request : decision.automation) out.push_back(text_of(request));
  for (const auto& ended : decision.lockouts_cleared)
    out.push_back("unlock " + to_string(ended.lockout.source));
  for (const auto& breach : decision.breaches)
    out.push_back(std::string(breach.dry_run ? "dry breach " : "breach ") + to_string(breach.source));
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace bulkhead::examples
