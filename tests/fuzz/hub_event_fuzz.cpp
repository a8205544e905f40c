// Arguments of a hub event, decoded by the product and read by another JSON library. Where that one takes
// them for JSON too, every payload must stand there as an object with the same figures, and a plain array of
// objects must yield one result for each: nothing invented, nothing lost.

#include "protocol/projectx/decode.hpp"
#include "tests/fuzz/bytes.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace bulkhead;
using fuzz::expect;
using nlohmann::json;

namespace {

/// Every object, those inside of texts as well; false when a text holds what is no JSON to this library.
bool collect(const json& value, std::vector<json>& objects, int texts = 0) {
  bool all = true;
  if (value.is_object()) objects.push_back(value);
  if (value.is_structured())
    for (const auto& child : value) all = collect(child, objects, texts) && all;
  if (!value.is_string() || texts > 0) return all;
  const auto& text = value.get_ref<const std::string&>();
  if (text.find_first_of("{[") == std::string::npos) return all;
  const auto inside = json::parse(text, nullptr, false);
  return !inside.is_discarded() && collect(inside, objects, texts + 1) && all;
}

struct Members {
  const json& object;

  [[nodiscard]] const json* find(const char* name) const {
    const auto it = object.find(name);
    return it == object.end() || it->is_null() ? nullptr : &*it;
  }
  /// As far as a floating-point number can tell.
  [[nodiscard]] bool number(const char* name, double value) const {
    const auto* member = find(name);
    if (member == nullptr) return value == 0;
    const double there = member->is_string()
                             ? std::strtod(member->get_ref<const std::string&>().c_str(), nullptr)
                         : member->is_number() ? member->get<double>()
                                               : std::nan("");
    return std::abs(there - value) <= 1e-6 + 1e-12 * std::abs(value);
  }
  [[nodiscard]] bool price(const char* name, const std::optional<model::Price>& value) const {
    if (!value || find(name) == nullptr) return !value == (find(name) == nullptr);
    return number(name, static_cast<double>(value->nanos) / 1e9);
  }
  [[nodiscard]] bool money(const char* name, const std::optional<model::Money>& value) const {
    if (!value || find(name) == nullptr) return !value == (find(name) == nullptr);
    return number(name, static_cast<double>(value->micros) / 1e6);
  }
  [[nodiscard]] bool text(const char* name, std::string_view value) const {
    const auto* member = find(name);
    if (member == nullptr) return value.empty();
    return member->is_string() && member->get_ref<const std::string&>().starts_with(value);
  }
  [[nodiscard]] bool flag(const char* name, bool value) const {
    const auto* member = find(name);
    return member == nullptr ? !value : *member == value;
  }
};

bool says(const Members& m, const model::Account& a) {
  return m.number("id", static_cast<double>(a.id.value)) && m.money("balance", a.balance) &&
         m.flag("canTrade", a.can_trade.value_or(false)) && m.text("name", a.name.value_or(""));
}
bool says(const Members& m, const model::Order& o) {
  const char* id = m.find("id") != nullptr || m.find("orderId") == nullptr ? "id" : "orderId";
  return m.number(id, static_cast<double>(o.id.value)) &&
         m.number("accountId", static_cast<double>(o.account.value)) &&
         m.text("contractId", o.contract.value) && m.number("status", static_cast<int>(o.status)) &&
         m.number("type", static_cast<int>(o.type)) && m.number("side", static_cast<int>(o.side)) &&
         m.number("size", o.size) && m.number("fillVolume", o.filled) &&
         m.price("limitPrice", o.limit_price) && m.price("stopPrice", o.stop_price) &&
         m.text("customTag", o.custom_tag);
}
bool says(const Members& m, const model::PositionUpdate& p) {
  return m.number("accountId", static_cast<double>(p.account.value)) &&
         m.text("contractId", p.contract.value) && m.number("type", static_cast<int>(p.type)) &&
         m.number("size", p.size) && m.price("averagePrice", p.average_price);
}
bool says(const Members& m, const model::Fill& f) {
  return m.number("id", static_cast<double>(f.id.value)) &&
         m.number("accountId", static_cast<double>(f.account.value)) &&
         m.text("contractId", f.contract.value) && m.number("side", static_cast<int>(f.side)) &&
         m.number("size", f.size) && m.money("profitAndLoss", f.pnl) && m.flag("voided", f.voided) &&
         m.number("fees", static_cast<double>(f.fees.micros) / 1e6);
}
bool says(const Members& m, const model::QuoteUpdate& q) {
  return m.price("lastPrice", q.last) && m.price("bestBid", q.bid) && m.price("bestAsk", q.ask);
}

bool says(const json& object, const model::Payload& payload) {
  return std::visit(
      [&](const auto& value) {
        if constexpr (requires { says(Members{object}, value); }) return says(Members{object}, value);
        return false; // nothing else comes from a hub
      },
      payload);
}

/// An array of objects that are no envelopes: as many results as objects.
bool is_plain(const json& arguments) {
  return arguments.is_array() && !arguments.empty() &&
         arguments.size() <= protocol::projectx::most_elements &&
         std::all_of(arguments.begin(), arguments.end(),
                     [](const json& one) { return one.is_object() && !one.contains("data"); });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* const targets[] = {"GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition",
                                        "GatewayUserTrade",   "GatewayQuote",     "GatewayLogout"};
  fuzz::Bytes bytes(data, size);
  const char* target = targets[bytes.byte() % std::size(targets)];
  const auto text = bytes.rest();
  std::vector<model::Payload> payloads;
  std::size_t problems = 0;
  struct Sink {
    std::vector<model::Payload>& payloads;
    std::size_t& problems;
    void operator()(model::Payload&& payload) const { payloads.push_back(std::move(payload)); }
    void operator()(protocol::projectx::DecodeProblem&& problem) const {
      expect(!problem.reason.empty() && problem.excerpt.size() <= 256, "a problem says why, briefly");
      ++problems;
    }
  };
  protocol::projectx::Decoder decoder;
  decoder.decode_event(target, text, Sink{payloads, problems});
  if (std::string_view(target) == "GatewayLogout") {
    expect(payloads.empty() && problems == 0, "what carries nothing is not looked at");
    return 0;
  }
  expect(payloads.size() + problems > 0, "no event passes without a word");
  expect(payloads.size() + problems <= protocol::projectx::most_elements + 1, "results are bounded");
  const auto arguments = json::parse(text, nullptr, false);
  if (arguments.is_discarded()) return 0; // broken where nobody looks, or one problem
  std::vector<json> objects;
  const bool all = collect(arguments, objects);
  for (const auto& payload : payloads)
    expect(!all || std::any_of(objects.begin(), objects.end(),
                               [&](const json& one) { return says(one, payload); }),
           "every payload stands in the text");
  if (is_plain(arguments) && std::string_view(target) != "GatewayQuote")
    expect(payloads.size() + problems == arguments.size(), "one result for each object");
  return 0;
}
