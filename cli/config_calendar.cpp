#include "cli/config_reader.hpp"
#include "cli/config_rules.hpp"
#include "cli/config_sections.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {

using model::Config;
using model::ConfigNode;
using model::HolidayCalendar;
using model::Problems;
using model::ResetSchedule;
using rules::Params;
using Kind = ConfigNode::Kind;

namespace {

constexpr std::size_t longest_name = 128;

/// A rule may carry the daily reset itself. RULE-003 alone uses `timezone` for nothing else.
bool has_own_reset(const model::RuleBlock& block) {
  return block.settings.find("reset_time") != nullptr ||
         (block.key == "daily_realized_loss" && block.settings.find("timezone") != nullptr);
}

/// The pair of `time_key` and `timezone` in a mapping; a missing half comes from `base`. Nothing when wrong.
std::optional<ResetSchedule> read_pair(const ConfigNode& node, std::string_view time_key,
                                       const ResetSchedule& base, bool whole_mapping, Problems& problems) {
  const std::size_t before = problems.size();
  Params params(node, problems);
  const auto time = read_time(params, time_key);
  const auto zone = read_zone(params, "timezone");
  if (whole_mapping) params.finish();
  if (problems.size() != before) return std::nullopt;
  auto schedule = ResetSchedule::make(time.value_or(base.time()), zone.value_or(base.zone()));
  if (schedule) return *schedule;
  add_error(problems, node, schedule.error().message());
  return std::nullopt;
}

std::optional<model::TradingDay> read_date(const ConfigNode& node, const HolidayCalendar& calendar,
                                           Problems& problems) {
  const auto day = model::TradingDay::parse(node.kind == Kind::scalar ? node.scalar : "");
  if (!day) {
    add_error(problems, node, "must be a date, YYYY-MM-DD");
    return std::nullopt;
  }
  if (calendar.closures.contains(*day) || calendar.early_closes.contains(*day)) {
    add_error(problems, node, "this date stands twice in the calendar");
    return std::nullopt;
  }
  return *day;
}

/// `date` of an entry; absent is a problem.
std::optional<model::TradingDay> read_entry_date(Params& params, const HolidayCalendar& calendar,
                                                 Problems& problems) {
  const ConfigNode* date = params.take("date");
  if (date != nullptr) return read_date(*date, calendar, problems);
  add_missing(problems, params.block(), "date", "is missing");
  return std::nullopt;
}

void read_closures(const ConfigNode& list, HolidayCalendar& calendar, Problems& problems) {
  if (list.kind != Kind::list) return add_error(problems, list, "must be a list of dates");
  for (const auto& item : list.items) {
    if (item.kind != Kind::map) {
      if (const auto day = read_date(item, calendar, problems)) calendar.closures.emplace(*day, "");
      continue;
    }
    Params params(item, problems);
    const auto day = read_entry_date(params, calendar, problems);
    std::string name = read_text(params, "name", "", longest_name, 0);
    params.finish();
    if (day) calendar.closures.emplace(*day, std::move(name));
  }
}

void read_early_closes(const ConfigNode& list, HolidayCalendar& calendar, Problems& problems) {
  if (list.kind != Kind::list) return add_error(problems, list, "must be a list of { date, close, name }");
  for (const auto& item : list.items) {
    Params params(item, problems);
    if (item.kind != Kind::map) continue;
    const auto day = read_entry_date(params, calendar, problems);
    const auto close = read_time(params, "close");
    (void)read_text(params, "name", "", longest_name, 0);
    const ConfigNode* given = take_section(params, "close");
    if (given == nullptr)
      add_missing(problems, item, "close", "is missing: the local time of the early close");
    params.finish();
    if (day && close) calendar.early_closes.emplace(*day, *close);
  }
}

} // namespace

void read_daily_reset(const ConfigNode& root, Config& config, Problems& problems) {
  const ConfigNode* source = nullptr; // where the reset was defined first
  const ConfigNode* global = root.find("daily_reset");
  if (global != nullptr && global->kind == Kind::map) {
    source = global;
    if (const auto reset = read_pair(*global, "time", config.reset, true, problems)) config.reset = *reset;
  } else if (global != nullptr && global->kind != Kind::null) {
    add_error(problems, *global, "must be a mapping of time and timezone");
  }
  for (const auto& block : config.rules) {
    if (!has_own_reset(block)) continue;
    const auto reset = read_pair(block.settings, "reset_time", config.reset, false, problems);
    if (!reset) continue;
    if (source == nullptr) {
      source = &block.settings;
      config.reset = *reset;
    } else if (*reset != config.reset) {
      const ConfigNode* where = block.settings.find("reset_time");
      add_error(problems, where != nullptr ? *where : *block.settings.find("timezone"),
                fmt::format("the daily reset is {} {} in line {}, here {} {}; a file has one",
                            to_string(config.reset.time()), config.reset.zone(), source->line,
                            to_string(reset->time()), reset->zone()));
    }
  }
}

HolidayCalendar read_holidays(const ConfigNode& root, Problems& problems) {
  HolidayCalendar calendar;
  if (root.kind == Kind::null) return calendar;
  if (root.kind == Kind::list) {
    read_closures(root, calendar, problems);
    return calendar;
  }
  Params params(root, problems);
  if (const auto zone = read_zone(params, "timezone")) calendar.zone = *zone;
  if (const ConfigNode* list = take_section(params, "holidays")) read_closures(*list, calendar, problems);
  if (const ConfigNode* list = take_section(params, "early_close"))
    read_early_closes(*list, calendar, problems);
  params.finish();
  return calendar;
}

bool needs_holidays(const Config& config) {
  return std::any_of(config.rules.begin(), config.rules.end(), [](const auto& block) {
    const ConfigNode* respect = block.settings.find("respect_holidays");
    if (block.key == "flat_by" && is_enabled(block)) return true;
    return block.key == "session_block_outside" && is_enabled(block) &&
           (respect == nullptr || respect->scalar != "false");
  });
}

} // namespace bulkhead::cli
