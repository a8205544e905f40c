#pragma once
// Typed, strict reader of one settings block. Every problem is collected with file, line, key path and value;
// nothing throws and nothing stops at the first. finish() reports keys nobody read, with the nearest accepted
// one: a misspelt limit must never be silently ignored.

#include "model/config.hpp"
#include "model/error.hpp"
#include "model/money.hpp"
#include "model/time.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead::rules {

/// Key and value names of an enumeration setting.
template <class E>
using Choices = std::initializer_list<std::pair<std::string_view, E>>;

class Params {
public:
  /// Requires: `block` and `problems` outlive the reader.
  Params(const model::ConfigNode& block, model::Problems& problems);

  [[nodiscard]] bool has(std::string_view key);
  [[nodiscard]] bool boolean(std::string_view key, bool fallback);
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                                     std::int64_t high);
  /// A limit: absent is a problem, since the program assumes no limit of its own.
  [[nodiscard]] std::int64_t required_integer(std::string_view key, std::int64_t low, std::int64_t high);
  /// A dollar limit under one of several names; the sign is ignored. Absent is a problem. 1 to 1,000,000
  /// dollars.
  [[nodiscard]] model::Money required_magnitude(std::initializer_list<std::string_view> keys);
  [[nodiscard]] std::string text(std::string_view key, std::string fallback);
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view key, std::vector<std::int64_t> fallback,
                                                   std::int64_t low, std::int64_t high);
  /// None when absent or null: "off".
  [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t low,
                                                             std::int64_t high);
  [[nodiscard]] model::Money magnitude(std::string_view key, model::Money fallback, model::Money low);
  /// A decimal number times 10^digits, within [low, high] as written.
  [[nodiscard]] std::int64_t decimal(std::string_view key, std::int64_t fallback, int digits,
                                     std::int64_t low, std::int64_t high);
  /// Whole seconds, or "30s", "15m", "1h"; 1 second to 24 hours.
  [[nodiscard]] model::Duration duration(std::string_view key, model::Duration fallback);
  [[nodiscard]] model::TimeOfDay time_of_day(std::string_view key, model::TimeOfDay fallback);
  [[nodiscard]] std::string zone(std::string_view key, std::string fallback);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback);
  /// Reads the mapping under `key`, an empty one when it is absent, unknown keys included.
  void section(std::string_view key, const std::function<void(Params&)>& read);
  template <class E>
  [[nodiscard]] E one_of(std::string_view key, Choices<E> choices, E fallback);
  /// The raw value, marked as read; null when absent.
  [[nodiscard]] const model::ConfigNode* take(std::string_view key);

  /// Reads an integer scalar of any node; complains about `node` when it is none or out of range.
  [[nodiscard]] std::optional<std::int64_t> integer_of(const model::ConfigNode& node, std::int64_t low,
                                                       std::int64_t high);
  [[nodiscard]] std::optional<model::Money> magnitude_of(const model::ConfigNode& node, model::Money low);
  [[nodiscard]] std::optional<model::Duration> duration_of(const model::ConfigNode& node);
  void complain(std::string_view key, std::string message);
  void complain(const model::ConfigNode& node, std::string message, std::string suggestion = {});
  /// Reports the keys that were never read. Call last.
  void finish();
  [[nodiscard]] const model::ConfigNode& block() const noexcept { return block_; }

private:
  [[nodiscard]] const model::ConfigNode* scalar(std::string_view key);
  void bad_choice(const model::ConfigNode& node, const std::vector<std::string_view>& names);

  const model::ConfigNode& block_;
  model::Problems& problems_;
  std::vector<std::string> known_; // every key asked for: accepted spellings
};

/// The accepted name nearest to `written` (edit distance at most 3 and less than half its length), or empty.
[[nodiscard]] std::string nearest(std::string_view written, const std::vector<std::string>& accepted);

template <class E>
E Params::one_of(std::string_view key, Choices<E> choices, E fallback) {
  const model::ConfigNode* node = scalar(key);
  if (node == nullptr) return fallback;
  std::vector<std::string_view> names;
  for (const auto& [name, value] : choices) {
    if (name == node->scalar) return value;
    names.push_back(name);
  }
  bad_choice(*node, names);
  return fallback;
}

} // namespace bulkhead::rules
