#include "rules/session_params.hpp"

namespace bulkhead::rules {

using model::SessionHours;

namespace {

model::SessionTime read_time(Params& params, std::string_view key, int fallback) {
  const auto* node = params.take(key);
  if (node == nullptr) return {std::nullopt, model::TimeOfDay{fallback}};
  const auto time = model::SessionTime::parse(node->scalar);
  if (!time) params.complain(*node, "must be a time such as \"15:00\" or \"Fri 15:10\"");
  return time ? *time : model::SessionTime{};
}

void read_days(Params& params, SessionHours& hours) {
  if (!params.has("days")) return;
  hours.days = 0;
  for (const auto& name : params.texts("days", {})) {
    const auto day = model::parse_weekday(name);
    if (!day) params.complain("days", day.error().message());
    if (day) hours.days = static_cast<std::uint8_t>(hours.days | 1U << *day);
  }
  if (hours.days == 0) params.complain("days", "must name at least one day");
}

} // namespace

SessionHours read_session_hours(Params& params, bool respect_holidays) {
  SessionHours hours;
  hours.zone = params.zone("timezone", "America/New_York");
  hours.start = read_time(params, "start", 9 * 60 + 30);
  hours.end = read_time(params, "end", 16 * 60);
  hours.respect_holidays = respect_holidays;
  if (hours.start == hours.end) params.complain("end", "must differ from start");
  if (hours.start.weekday.has_value() != hours.end.weekday.has_value())
    params.complain("end", "either both start and end name a weekday or none does");
  read_days(params, hours);
  const auto pause = params.texts("daily_break", {});
  if (pause.empty()) return hours;
  const auto from = model::TimeOfDay::parse(pause.front());
  const auto to = model::TimeOfDay::parse(pause.back());
  if (pause.size() == 2 && from && to && *from != *to)
    hours.daily_break = {*from, *to};
  else
    params.complain("daily_break", "must be two times such as [\"16:00\", \"17:00\"]");
  return hours;
}

} // namespace bulkhead::rules
