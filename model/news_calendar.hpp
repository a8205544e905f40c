#pragma once
// Economic releases that move markets, from news.yaml. Plain data, read-only after loading, any thread.

#include "model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::model {

enum class Impact : std::uint8_t { low, medium, high };

struct NewsEvent {
  Instant at;
  std::string name;
  Impact impact = Impact::high;
  std::vector<std::string> roots;      // as written; none: every root
  std::optional<Duration> before = {}; // none: as the rule says
  std::optional<Duration> after = {};
  friend bool operator==(const NewsEvent&, const NewsEvent&) = default;
};

struct NewsCalendar {
  std::vector<NewsEvent> events; // by time
  std::optional<Instant>
      valid_until; // who keeps the file knows of releases up to here; none: there is no file
  friend bool operator==(const NewsCalendar&, const NewsCalendar&) = default;
};

} // namespace bulkhead::model
