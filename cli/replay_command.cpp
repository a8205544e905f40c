#include "cli/replay_command.hpp"

#include "cli/config_loader.hpp"
#include "cli/exit_codes.hpp"
#include "cli/replay_day.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

namespace bulkhead::cli {
namespace {

using Json = nlohmann::ordered_json;
using Lines = std::vector<std::string>;

std::string until(const model::Lockout& row) {
  return row.expires_at ? model::format_instant(*row.expires_at) : "an admin clears it";
}

/// One line per thing decided, for both outputs.
Lines lines_of(const model::Decision& decision) {
  Lines lines;
  for (const auto& breach : decision.breaches)
    lines.push_back(fmt::format("breach {} {}{}: {} against {}{}", to_string(breach.source),
                                breach.contract ? breach.contract->value + " " : "", breach.reason,
                                to_string(breach.actual), to_string(breach.limit),
                                breach.dry_run ? " (dry run)" : ""));
  for (const auto& intent : decision.intents)
    lines.push_back(fmt::format("{} {}: held {}, target {}", to_string(intent.kind), intent.id.value,
                                intent.held, intent.target));
  for (const auto& row : decision.lockouts_set)
    lines.push_back(fmt::format("lockout {} of {}, {}, until {}", to_string(row.source),
                                row.symbol ? row.symbol->value : "the account", to_string(row.mode),
                                until(row)));
  for (const auto& ended : decision.lockouts_cleared)
    lines.push_back(
        fmt::format("lockout {} cleared by {}", to_string(ended.lockout.source), to_string(ended.cause)));
  for (const auto& alert : decision.alerts)
    lines.push_back(fmt::format("alert {}: {}", alert.code, alert.text));
  if (lines.empty()) lines.push_back(decision.empty() ? "nothing" : "requests to other parts");
  return lines;
}

std::string summary_of(const ReplayCommand& command, const ReplayedDay& day, bool again) {
  std::string text = fmt::format("account {}, {}: {} events, {} decisions recorded", command.account,
                                 command.day, day.events, day.recorded);
  if (!again)
    return text + fmt::format(", not decided again: no configuration in {}", command.config_dir.string());
  if (day.differing == 0) return text + ", all decided alike";
  return text + fmt::format(", {} decided differently", day.differing);
}

void print_text(const ReplayCommand& command, const ReplayedDay& day, bool again, std::ostream& out) {
  for (const auto& item : day.decisions) {
    out << fmt::format("{}  record {}  {}{}\n", model::format_instant(item.at), item.sequence, item.trigger,
                       item.differs ? "  DIFFERS" : "");
    for (const auto& line : lines_of(item.recorded))
      out << (item.differs ? "    recorded  " : "    ") << line << '\n';
    if (!item.differs) continue;
    const auto decided = lines_of(item.decided);
    for (const auto& line : decided) out << "    decided   " << line << '\n';
    if (decided == lines_of(item.recorded)) out << "    (in details that are not shown)\n";
  }
  for (const auto& at : day.reloads)
    out << "the configuration was reloaded at " << model::format_instant(at) << '\n';
  for (const auto& remark : day.remarks) out << remark << '\n';
  out << summary_of(command, day, again) << '\n';
}

Json to_json(const ReplayCommand& command, const ReplayedDay& day, bool again) {
  Json decisions = Json::array();
  for (const auto& item : day.decisions) {
    Json one{{"sequence", item.sequence},
             {"at", model::format_instant(item.at)},
             {"trigger", item.trigger},
             {"recorded", lines_of(item.recorded)}};
    one["decided"] = again ? Json(lines_of(item.decided)) : Json(nullptr);
    one["differs"] = again ? Json(item.differs) : Json(nullptr);
    decisions.push_back(std::move(one));
  }
  Json reloads = Json::array();
  for (const auto& at : day.reloads) reloads.push_back(model::format_instant(at));
  return {{"account_id", command.account},
          {"day", command.day},
          {"decided_again", again},
          {"base_record", day.base},
          {"events", day.events},
          {"recorded", day.recorded},
          {"differing", day.differing},
          {"decisions", std::move(decisions)},
          {"config_reloads", std::move(reloads)},
          {"remarks", day.remarks}};
}

void print_json(std::ostream& out, Json data, Json error) {
  const Json reply{{"status", error.is_null() ? "success" : "error"},
                   {"data", std::move(data)},
                   {"error", std::move(error)},
                   {"request_id", nullptr}};
  out << reply.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

int fail(const ReplayCommand& command, std::ostream& out, std::ostream& err, int code, const char* name,
         const std::string& text) {
  if (command.json) print_json(out, nullptr, std::string(name) + ": " + text);
  if (!command.json) err << text << '\n';
  return code;
}

} // namespace

int replay_command(const ReplayCommand& command, std::ostream& out, std::ostream& err) {
  return replay_command(command, out, err, process_environment());
}

int replay_command(const ReplayCommand& command, std::ostream& out, std::ostream& err,
                   const Environment& environment) {
  const auto day = model::TradingDay::parse(command.day);
  if (!day) return fail(command, out, err, exit_usage, "BAD_REQUEST", "--day: a date yyyy-mm-dd is needed");
  std::error_code ignored;
  const bool again = command.other_config || std::filesystem::is_directory(command.config_dir, ignored);
  std::shared_ptr<const rules::RuleSet> rules;
  if (again) {
    if (!time_zones_present())
      return fail(command, out, err, exit_failed, "INTERNAL",
                  "no time zone database on this machine (package tzdata)");
    const auto loaded = load_config(command.config_dir, environment);
    std::string problems;
    for (const auto& problem : loaded.problems) problems += to_string(problem) + "\n";
    if (has_errors(loaded.problems))
      return fail(command, out, err, exit_invalid_config, "CONFIG_INVALID", problems);
    model::Problems repeated;
    rules = rules::make_rule_set(loaded.config, repeated);
  }
  const model::AccountId account{command.account};
  persistence::PosixDisk disk;
  const auto replayed =
      replay_day(disk, command.data_dir / "journal" / to_string(account), account, *day, rules);
  if (!replayed) return fail(command, out, err, exit_failed, "INTERNAL", replayed.error().message());
  const bool wrong = replayed->differing > 0 && !command.other_config;
  if (command.json)
    print_json(out, to_json(command, *replayed, again),
               wrong ? Json("INTERNAL: " + summary_of(command, *replayed, again)) : Json(nullptr));
  else
    print_text(command, *replayed, again, out);
  return wrong ? exit_failed : exit_ok;
}

} // namespace bulkhead::cli
