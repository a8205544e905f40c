#include "rules/params.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace bulkhead::rules {
namespace {

using model::ConfigNode;
using model::Money;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

std::string shown(const ConfigNode& node) {
  switch (node.kind) {
  case ConfigNode::Kind::null: return "null";
  case ConfigNode::Kind::scalar: return node.scalar;
  case ConfigNode::Kind::list: return "a list";
  case ConfigNode::Kind::map: return "a mapping";
  }
  return {};
}

} // namespace

std::string nearest(std::string_view written, const std::vector<std::string>& accepted) {
  std::string best;
  std::size_t best_distance = 4;
  for (const auto& name : accepted) {
    const auto distance = edit_distance(written, name);
    if (distance < best_distance && distance * 2 < std::max(written.size(), name.size())) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

Params::Params(const ConfigNode& block, model::Problems& problems) : block_(block), problems_(problems) {
  if (block.kind != ConfigNode::Kind::map) complain(block, "must be a mapping of settings");
}

const ConfigNode* Params::take(std::string_view key) {
  known_.emplace_back(key);
  return block_.find(key);
}

bool Params::has(std::string_view key) { return take(key) != nullptr; }

const ConfigNode* Params::scalar(std::string_view key) {
  const ConfigNode* node = take(key);
  if (node == nullptr || node->kind == ConfigNode::Kind::null) return nullptr;
  if (node->kind == ConfigNode::Kind::scalar) return node;
  complain(*node, "must be a single value");
  return nullptr;
}

bool Params::boolean(std::string_view key, bool fallback) {
  const ConfigNode* node = scalar(key);
  if (node == nullptr) return fallback;
  if (node->scalar == "true") return true;
  if (node->scalar == "false") return false;
  complain(*node, "must be true or false");
  return fallback;
}

std::optional<std::int64_t> Params::integer_of(const ConfigNode& node, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const char* const last = node.scalar.data() + node.scalar.size();
  const auto [end, ec] = std::from_chars(node.scalar.data(), last, value);
  if (node.kind != ConfigNode::Kind::scalar || ec != std::errc{} || end != last) {
    complain(node, "must be a whole number");
    return std::nullopt;
  }
  if (value < low || value > high) {
    complain(node, fmt::format("must be within {}..{}", low, high));
    return std::nullopt;
  }
  return value;
}

std::int64_t Params::integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                             std::int64_t high) {
  const ConfigNode* node = scalar(key);
  return node == nullptr ? fallback : integer_of(*node, low, high).value_or(fallback);
}

std::int64_t Params::required_integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const ConfigNode* node = scalar(key);
  if (node == nullptr) complain(key, "is missing: a rule in the file must state its limit");
  return node == nullptr ? low : integer_of(*node, low, high).value_or(low);
}

Money Params::required_magnitude(std::initializer_list<std::string_view> keys) {
  const ConfigNode* found = nullptr;
  for (const auto key : keys) {
    const ConfigNode* node = scalar(key);
    if (node == nullptr) continue;
    if (found != nullptr) complain(*node, fmt::format("says the same as {}: keep one of them", found->path));
    if (found == nullptr) found = node;
  }
  if (found == nullptr) {
    complain(*keys.begin(), "is missing: a rule in the file must state its limit");
    return Money::dollars(1);
  }
  return magnitude_of(*found, Money::dollars(1)).value_or(Money::dollars(1));
}

std::string Params::text(std::string_view key, std::string fallback) {
  const ConfigNode* node = scalar(key);
  return node == nullptr ? std::move(fallback) : node->scalar;
}

std::vector<std::int64_t> Params::integers(std::string_view key, std::vector<std::int64_t> fallback,
                                           std::int64_t low, std::int64_t high) {
  const ConfigNode* node = take(key);
  if (node == nullptr || node->kind == ConfigNode::Kind::null) return fallback;
  if (node->kind != ConfigNode::Kind::list) {
    complain(*node, "must be a list of whole numbers");
    return fallback;
  }
  std::vector<std::int64_t> values;
  for (const auto& item : node->items) {
    if (const auto value = integer_of(item, low, high)) values.push_back(*value);
  }
  return values;
}

void Params::bad_choice(const ConfigNode& node, const std::vector<std::string_view>& names) {
  const std::vector<std::string> accepted(names.begin(), names.end());
  complain(node, fmt::format("must be one of: {}", fmt::join(names, ", ")), nearest(node.scalar, accepted));
}

void Params::complain(std::string_view key, std::string message) {
  if (const ConfigNode* node = block_.find(key)) return complain(*node, std::move(message));
  problems_.push_back({model::Problem::Severity::error, block_.file, block_.line,
                       fmt::format("{}.{}", block_.path, key), "", std::move(message), ""});
}

void Params::complain(const ConfigNode& node, std::string message, std::string suggestion) {
  problems_.push_back({model::Problem::Severity::error, node.file, node.line, node.path, shown(node),
                       std::move(message), std::move(suggestion)});
}

void Params::finish() {
  for (const auto& [key, node] : block_.entries) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      complain(node, "unknown key", nearest(key, known_));
  }
}

} // namespace bulkhead::rules
