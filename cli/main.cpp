// Dispatch only: one file per command does the work.

#include "cli/check_command.hpp"
#include "cli/demo_command.hpp"
#include "cli/exit_codes.hpp"
#include "cli/init_command.hpp"
#include "cli/journal_command.hpp"
#include "cli/remote_commands.hpp"
#include "cli/replay_command.hpp"
#include "cli/run_command.hpp"
#include "cli/simulate_command.hpp"
#include "cli/version.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

namespace {

using namespace bulkhead::cli;

void add_run_options(CLI::App& command, RunCommand& run) {
  command.add_option("--config", run.config_dir, "directory with accounts.yaml and risk_config.yaml");
  command.add_option("--data", run.data_dir, "directory for journal, store, logs and certificates");
  const std::map<std::string, bulkhead::actors::SchedulerKind> schedulers{
      {"asio", bulkhead::actors::SchedulerKind::asio}, {"sharing", bulkhead::actors::SchedulerKind::sharing}};
  command.add_option("--scheduler", run.scheduler, "who runs the actors: the socket threads, or a pool")
      ->transform(CLI::CheckedTransformer(schedulers));
  command
      .add_option("--keep-warm", run.keep_warm_ms,
                  "rehearse a breach every so many milliseconds, against cold caches; 0: never")
      ->check(CLI::Range(0, 1000));
  command.add_flag("--spin", run.spin,
                   "never sleep while waiting for the user hub: costs a core, spares each breach a wake-up");
}

void add_simulate_options(CLI::App& command, SimulateCommand& simulate) {
  command.add_option("--port", simulate.options.port, "port of the gateway; 0: the system picks one");
  command.add_option("--control-port", simulate.options.control_port, "port of the script interface");
  command.add_flag("--tls", simulate.options.tls, "serve https and wss with a certificate of its own CA");
  command.add_option("--ca-out", simulate.options.ca_out, "where to write the CA certificate (PEM)");
  command.add_option("--quotes", simulate.options.quotes_per_second, "random quotes per second and contract");
  command.add_option("--budget", simulate.options.budget.requests, "requests it answers in 60 s before 429");
  command.add_option("--seed", simulate.options.seed, "of everything random");
  command.add_flag("--print-ports", simulate.print_ports, "kept for scripts: the ports are always printed");
}

void add_replay_options(CLI::App& command, ReplayCommand& replay) {
  command.add_option("--data", replay.data_dir, "the daemon's data directory");
  command.add_option("--account", replay.account, "whose journal")->required()->check(CLI::PositiveNumber);
  command.add_option("--day", replay.day, "the trading day, yyyy-mm-dd")->required();
  command.add_option_function<std::string>(
      "--config",
      [&replay](const std::string& directory) {
        replay.config_dir = directory;
        replay.other_config = true;
      },
      "what this configuration would have decided; default: ./config, compared with the recording");
  command.add_flag("--json", replay.json, "print {status, data, error, request_id}");
}

void add_check_options(CLI::App& command, std::string& dir, bool& json) {
  command.add_option("config,--config", dir, "directory with accounts.yaml and risk_config.yaml");
  command.add_flag("--json", json, "print {status, data, error, request_id}");
}

void add_demo_options(CLI::App& command, DemoCommand& demo) {
  command.add_option("--profile", demo.profile,
                     "a day that would have lost an account of this firm: topstep_50k");
  command.add_flag("--hold", demo.hold, "keep running afterwards, for status from another terminal");
}

void add_init_options(CLI::App& command, InitCommand& init) {
  command.add_option("--data", init.data_dir, "the daemon's data directory");
  command.add_option("--admin-password-file", init.password_file,
                     "its first line becomes the admin password");
  command.add_option("--export-client", init.export_dir,
                     "copy what a client elsewhere needs to this directory");
}

/// `journal verify`.
CLI::App* add_journal(CLI::App& app, JournalCommand& journal) {
  auto* family = app.add_subcommand("journal", "the record of events and decisions");
  family->require_subcommand(1);
  auto& command = *family->add_subcommand("verify", "check every record and name the first bad one");
  command.add_option("--data", journal.data_dir, "the daemon's data directory");
  command.add_option("--account", journal.account, "this account only")->check(CLI::PositiveNumber);
  command.add_flag("--json", journal.json, "print {status, data, error, request_id}");
  return &command;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Bulkhead watches futures prop-firm accounts and flattens and locks the one that breaches its rules."};
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);

  RunCommand run;
  auto* run_app = app.add_subcommand("run", "the daemon, in the foreground");
  add_run_options(*run_app, run);

  DemoCommand demo;
  auto* demo_app = app.add_subcommand("demo", "daemon, simulated gateway and a trader in one process");
  add_demo_options(*demo_app, demo);

  SimulateCommand simulate;
  auto* simulate_app = app.add_subcommand("simulate", "the simulated gateway alone");
  add_simulate_options(*simulate_app, simulate);

  std::string check_dir = "config";
  bool check_json = false;
  auto* check_app = app.add_subcommand("check", "validate a configuration and print every problem");
  add_check_options(*check_app, check_dir, check_json);

  InitCommand init;
  auto* init_app = app.add_subcommand("init", "certificates and admin password of the control port");
  add_init_options(*init_app, init);

  RemoteCommands remote(app);

  ReplayCommand replay;
  auto* replay_app = app.add_subcommand("replay", "decide a recorded trading day again");
  add_replay_options(*replay_app, replay);

  JournalCommand journal;
  const auto* verify_app = add_journal(app, journal);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  if (run_app->parsed()) return run_command(run);
  if (demo_app->parsed()) return demo_command(demo);
  if (simulate_app->parsed()) return simulate_command(simulate);
  if (check_app->parsed()) return check_command(check_dir, check_json, std::cout);
  if (replay_app->parsed()) return replay_command(replay, std::cout, std::cerr);
  if (verify_app->parsed()) return journal_verify_command(journal, std::cout, std::cerr);
  if (init_app->parsed()) return init_command(init, std::cout, std::cerr);
  return remote.run().value_or(exit_usage);
}
