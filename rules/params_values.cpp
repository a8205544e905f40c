// The readers of Params for values with a unit, and for nested mappings.

#include "model/trading_calendar.hpp"
#include "rules/params.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {

using model::ConfigNode;
using model::Money;

namespace {
constexpr Money largest_amount = Money::dollars(1'000'000);
}

std::optional<Money> Params::magnitude_of(const ConfigNode& node, Money low) {
  const auto parsed = Money::parse(node.scalar);
  if (node.kind != ConfigNode::Kind::scalar || !parsed) {
    complain(node, "must be an amount in US dollars");
    return std::nullopt;
  }
  const Money magnitude = parsed->abs();
  if (magnitude >= low && magnitude <= largest_amount) return magnitude;
  complain(node, fmt::format("must be within {}..1000000 US dollars (the sign is ignored)",
                             low.micros / Money::per_dollar));
  return std::nullopt;
}

Money Params::magnitude(std::string_view key, Money fallback, Money low) {
  const ConfigNode* node = scalar(key);
  return node == nullptr ? fallback : magnitude_of(*node, low).value_or(fallback);
}

std::optional<std::int64_t> Params::optional_integer(std::string_view key, std::int64_t low,
                                                     std::int64_t high) {
  const ConfigNode* node = scalar(key);
  return node == nullptr ? std::nullopt : integer_of(*node, low, high);
}

std::int64_t Params::decimal(std::string_view key, std::int64_t fallback, int digits, std::int64_t low,
                             std::int64_t high) {
  const ConfigNode* node = scalar(key);
  if (node == nullptr) return fallback;
  std::int64_t scale = 1;
  for (int n = 0; n < digits; ++n) scale *= 10;
  const auto value = model::parse_decimal(node->scalar, digits);
  if (value && *value >= low * scale && *value <= high * scale) return *value;
  complain(*node, fmt::format("must be a number within {}..{}", low, high));
  return fallback;
}

std::optional<model::Duration> Params::duration_of(const ConfigNode& node) {
  const bool digits = node.kind == ConfigNode::Kind::scalar &&
                      node.scalar.find_first_not_of("0123456789") == std::string::npos;
  if (digits) {
    const auto seconds = integer_of(node, 1, 86'400);
    return seconds ? std::optional<model::Duration>(std::chrono::seconds{*seconds}) : std::nullopt;
  }
  const auto parsed = model::parse_duration(node.scalar);
  if (parsed) return *parsed;
  complain(node, "must be whole seconds or a duration such as 30s, 15m, 1h (1 s to 24 h)");
  return std::nullopt;
}

model::Duration Params::duration(std::string_view key, model::Duration fallback) {
  const ConfigNode* node = scalar(key);
  return node == nullptr ? fallback : duration_of(*node).value_or(fallback);
}

model::TimeOfDay Params::time_of_day(std::string_view key, model::TimeOfDay fallback) {
  const ConfigNode* node = scalar(key);
  if (node == nullptr) return fallback;
  const auto time = model::TimeOfDay::parse(node->scalar);
  if (!time) complain(*node, "must be a time of day such as \"15:00\"");
  return time ? *time : fallback;
}

std::string Params::zone(std::string_view key, std::string fallback) {
  const ConfigNode* node = scalar(key);
  if (node == nullptr) return fallback;
  if (model::is_known_zone(node->scalar)) return node->scalar;
  complain(*node, "must be an IANA time zone such as America/Chicago");
  return fallback;
}

std::vector<std::string> Params::texts(std::string_view key, std::vector<std::string> fallback) {
  const ConfigNode* node = take(key);
  if (node == nullptr || node->kind == ConfigNode::Kind::null) return fallback;
  if (node->kind != ConfigNode::Kind::list) {
    complain(*node, "must be a list");
    return fallback;
  }
  std::vector<std::string> values;
  for (const auto& item : node->items) {
    if (item.kind == ConfigNode::Kind::scalar && !item.scalar.empty())
      values.push_back(item.scalar);
    else
      complain(item, "must be a text");
  }
  return values;
}

void Params::section(std::string_view key, const std::function<void(Params&)>& read) {
  ConfigNode empty;
  empty.kind = ConfigNode::Kind::map;
  empty.file = block_.file;
  empty.line = block_.line;
  empty.path = fmt::format("{}.{}", block_.path, key);
  const ConfigNode* node = take(key);
  if (node == nullptr || node->kind == ConfigNode::Kind::null) node = &empty;
  Params inner(*node, problems_);
  read(inner);
  inner.finish();
}

} // namespace bulkhead::rules
