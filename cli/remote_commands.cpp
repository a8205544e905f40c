#include "cli/remote_commands.hpp"

#include <iostream>

namespace bulkhead::cli {

using actors::Command;

void add_node_options(CLI::App& command, NodeOptions& node) {
  command.add_option("--node", node.node, "HOST:PORT of the daemon's control interface");
  command.add_option("--data", node.data_dir,
                     "directory with control/client.pem, control/client.key, control/ca.pem");
  command.add_option("--account", node.account, "this account only")->check(CLI::PositiveNumber);
  command.add_flag("--json", node.json, "print {status, data, error, request_id}");
  command.add_flag("--no-color", node.no_color, "plain text; the variable NO_COLOR does the same");
}

RemoteCommands::Entry& RemoteCommands::add(CLI::App& parent, const std::string& name, const std::string& help,
                                           Command command) {
  auto& entry = entries_.emplace_back();
  entry.app = parent.add_subcommand(name, help);
  entry.command.request.command = static_cast<std::uint8_t>(command);
  add_node_options(*entry.app, entry.command.node);
  return entry;
}

RemoteCommands::RemoteCommands(CLI::App& app) {
  status_app_ = app.add_subcommand("status", "accounts, limits and lockouts of a running daemon");
  add_node_options(*status_app_, status_);
  watch_app_ = app.add_subcommand("watch", "the same, live; plain lines when the output is no terminal");
  add_node_options(*watch_app_, watch_);
  add_reading(app);
  add_sessions(app);
  add_acting(app);
}

void RemoteCommands::add_reading(CLI::App& app) {
  add(app, "positions", "what is open", Command::positions);
  add(app, "orders", "what is working", Command::orders);
  auto& lockouts = add(app, "lockouts", "lockouts that stand and those that ended", Command::lockouts);
  lockouts.app->add_option("--limit", lockouts.command.request.limit, "at most this many that ended")
      ->check(CLI::Range(1, 1000));
  add(app, "timers", "what time alone will bring about", Command::timers);
  auto& history = add(app, "history", "lockouts, enforcements, days and operators' actions, newest first",
                      Command::history);
  history.app->add_option("--since", history.command.since,
                          "an instant (2026-07-15T18:00:00Z) or how long ago (2h)");
  history.app->add_option("--limit", history.command.request.limit, "at most this many rows")
      ->check(CLI::Range(1, 1000));
  auto& logs = add(app, "logs", "the daemon's log", Command::logs);
  logs.app->add_option("--lines", logs.command.request.limit, "the last so many lines that match")
      ->check(CLI::Range(1, 10'000));
  logs.app->add_option("--grep", logs.command.request.pattern,
                       "lines that match this regular expression (RE2)");
  logs.app->add_option("--level", logs.command.request.level, "this level and above")
      ->check(CLI::IsMember({"INFO", "WARNING", "ERROR", "CRITICAL"}));
  auto* account = app.add_subcommand("account", "the accounts of the configuration, and their standing");
  account->require_subcommand(1);
  add(*account, "list", "configured accounts, enabled or not", Command::account_list);
  add_books(*account);
}

void RemoteCommands::add_books(CLI::App& account) {
  const auto tell = [&](const char* name, const char* help, Command command) -> Entry& {
    auto& entry = add(account, name, help, command);
    entry.app->add_option("--reason", entry.command.request.reason, "for the record");
    return entry;
  };
  auto& payout = tell("payout", "money was taken out: the next period begins, no mark falls (admin)",
                      Command::account_payout);
  payout.app->add_option("--amount", payout.command.amount, "dollars")->required();
  auto& adjust = tell("adjust", "the firm put money in or took it out, or a payout was told in error (admin)",
                      Command::account_adjust);
  adjust.app->add_option("--amount", adjust.command.amount, "dollars, less than 0 when taken out")
      ->required();
  tell("rebase", "the firm started the account anew: floors and periods begin at the present balance (admin)",
       Command::account_rebase);
  tell("disable", "watch a flat account, but enforce nothing (admin)", Command::account_disable);
  tell("enable", "enforce it again, at once (admin)", Command::account_enable);
}

void RemoteCommands::add_sessions(CLI::App& app) {
  auto& login = add(app, "login", "begin an admin session of 15 minutes", Command::login);
  login.app->add_option("--password-file", login.command.password_file, "its first line is the password");
  add(app, "logout", "end the admin session", Command::logout);
}

void RemoteCommands::add_acting(CLI::App& app) {
  const auto act = [&](CLI::App& parent, const char* name, const char* help, Command command) -> Entry& {
    auto& entry = add(parent, name, help, command);
    entry.app->add_flag("--yes", entry.command.node.yes, "ask nothing back");
    return entry;
  };
  const auto reason = [](Entry& entry) {
    entry.app->add_option("--reason", entry.command.request.reason, "for the record");
  };
  auto& block = act(app, "block", "lock an account, or all, by hand (admin)", Command::block);
  reason(block);
  block.app->add_option("--hours", block.command.hours, "for so long; without it until unblock");
  block.app->add_option("--symbol", block.command.request.symbol, "this instrument only, such as MNQ");
  block.app->add_flag("--no-flatten", block.command.request.no_flatten, "what is open may stay or shrink");
  auto& unblock = act(app, "unblock", "lift lockouts (admin)", Command::unblock);
  unblock.app->add_option("--source", unblock.command.request.source,
                          "whose: RULE-003, all; without it those laid by hand");
  auto& flatten =
      act(app, "flatten", "close everything and cancel every order, once (admin)", Command::flatten);
  reason(flatten);
  flatten.app->add_option("--contract", flatten.command.request.contract,
                          "this contract's position and orders only");
  auto& cancel = act(app, "cancel", "cancel orders, keep positions (admin)", Command::cancel);
  reason(cancel);
  cancel.app->add_option("--order", cancel.command.request.order_id, "this order")
      ->check(CLI::PositiveNumber);
  cancel.app->add_flag("--all", cancel.command.request.all, "every order");
  auto& enforce = act(app, "enforce", "judge by one rule now and act on it (admin)", Command::enforce);
  enforce.app->add_option("--rule", enforce.command.request.rule, "RULE-003 or DailyRealizedLoss")
      ->required();
  enforce.app->add_flag("--dry-run", enforce.command.request.dry_run, "only tell");
  auto* config = app.add_subcommand("config", "the configuration of a running daemon");
  config->require_subcommand(1);
  add(*config, "get", "as it is in force, secrets hidden", Command::config_get);
  add(*config, "reload", "read it again and use it, if it is free of errors (admin)", Command::config_reload);
  add(*config, "validate", "read it again and tell every problem (admin)", Command::config_validate);
}

std::optional<int> RemoteCommands::run() {
  if (status_app_->parsed()) return status_command(status_, std::cout);
  if (watch_app_->parsed()) return watch_command(watch_, std::cout, std::cerr);
  for (auto& entry : entries_)
    if (entry.app->parsed()) return ask_command(std::move(entry.command), std::cout, std::cerr);
  return std::nullopt;
}

} // namespace bulkhead::cli
