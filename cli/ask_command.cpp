#include "cli/ask_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/listing.hpp"
#include "cli/remote_control.hpp"
#include "cli/secret_input.hpp"
#include "cli/session_file.hpp"
#include "model/money.hpp"
#include "model/time.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

namespace bulkhead::cli {
namespace {

using actors::Command;
using actors::ControlReply;
using model::Errc;
using model::Error;
using nlohmann::json;

Command command_of(const AskCommand& command) { return static_cast<Command>(command.request.command); }

/// "2h" ago, or an instant.
model::Result<std::int64_t> since(const std::string& text) {
  if (text.empty()) return 0;
  const auto now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
  if (const auto ago = model::parse_duration(text)) return (now - *ago).time_since_epoch().count();
  const auto at = model::parse_instant(text);
  if (!at)
    return Error{Errc::malformed, "--since takes an instant (2026-07-15T18:00:00Z) or a time ago (2h)"};
  return at->time_since_epoch().count();
}

/// What has to be known before a connection is made.
model::Result<void> complete(AskCommand& command) {
  auto& request = command.request;
  request.request_id = make_request_id();
  request.account_id = command.node.account;
  request.token = kept_session(command.node.data_dir);
  const auto from = since(command.since);
  if (!from) return from.error();
  request.since_micros = *from;
  if (command.hours < 0 || command.hours > 8760)
    return Error{Errc::malformed, "--hours is more than 0, at most 8760"};
  request.duration_seconds = static_cast<std::int64_t>(command.hours * 3600);
  if (command.hours > 0 && request.duration_seconds == 0) request.duration_seconds = 1;
  if (!command.amount.empty()) {
    const auto amount = model::Money::parse(command.amount);
    if (!amount) return Error{Errc::malformed, "--amount takes dollars: " + amount.error().message()};
    request.amount_micros = amount->micros;
  }
  if (actors::is_for_books(command_of(command)) && request.account_id == 0)
    return Error{Errc::malformed, "this takes one account: --account ID"};
  if (command_of(command) == Command::cancel && (request.order_id != 0) == request.all)
    return Error{Errc::malformed, "cancel takes --order N or --all"};
  if (command_of(command) != Command::login) return {};
  auto password = command.password_file.empty() ? ask_password("admin password: ")
                                                : read_password_file(command.password_file);
  if (!password) return Error{Errc::malformed, password.error().message()};
  request.secret = std::move(*password);
  return {};
}

bool acts_on_accounts(Command command) {
  return command == Command::block || command == Command::unblock || command == Command::flatten ||
         command == Command::cancel || command == Command::enforce;
}

/// An action on all accounts wants to be meant: their number is to be typed.
model::Result<void> confirm(const AskCommand& command, Remote& remote) {
  if (command.node.account != 0 || command.node.yes || !acts_on_accounts(command_of(command))) return {};
  const auto* spec = actors::find_command(command.request.command);
  if (!at_a_terminal()) {
    return Error{
        Errc::malformed,
        fmt::format("{} of all accounts needs --yes where nobody can be asked; or name one by --account",
                    spec->name)};
  }
  const auto status = remote.status({make_request_id(), 0});
  if (!status) return status.error();
  const auto count = std::to_string(status->accounts.size());
  const auto prompt = fmt::format("{} ALL {} accounts at {}: type their number to go on: ", spec->name, count,
                                  command.node.node);
  if (confirmed_by_typing(prompt, count)) return {};
  return Error{Errc::malformed, "not confirmed; nothing was done"};
}

/// The token stays here; nobody needs to see it.
model::Result<std::string> keep_token(const AskCommand& command, const std::string& data) {
  auto value = json::parse(data, nullptr, false);
  if (!value.is_object() || !value.contains("token"))
    return Error{Errc::malformed, "the daemon sent no token"};
  if (auto kept = keep_session(command.node.data_dir, value["token"].get<std::string>()); !kept)
    return kept.error();
  value.erase("token");
  return value.dump();
}

int print(const AskCommand& command, const ControlReply& reply, std::ostream& out, std::ostream& err) {
  if (command.node.json) {
    if (!reply.error.empty())
      out << failure_json(reply.error, reply.message, reply.request_id, reply.data) << '\n';
    else
      out << json{{"status", "success"},
                  {"data", json::parse(reply.data.empty() ? "null" : reply.data, nullptr, false)},
                  {"error", nullptr},
                  {"request_id", reply.request_id}}
                 .dump(2, ' ', false, json::error_handler_t::replace)
          << '\n';
  } else {
    out << listing(command_of(command), reply.data, wants_color(command.node));
    if (!reply.error.empty()) err << reply.error << ": " << reply.message << '\n';
  }
  return exit_code_of(reply.error);
}

int fail(const AskCommand& command, const Error& error, std::ostream& out, std::ostream& err) {
  if (command.node.json)
    out << failure_json(code_of(error), error.message(), command.request.request_id) << '\n';
  if (!command.node.json) err << error.message() << '\n';
  return exit_code_of(error);
}

} // namespace

int ask_command(AskCommand command, std::ostream& out, std::ostream& err) {
  if (auto ready = complete(command); !ready) return fail(command, ready.error(), out, err);
  auto remote = Remote::connect(command.node);
  if (!remote) return fail(command, remote.error(), out, err);
  if (auto meant = confirm(command, **remote); !meant) return fail(command, meant.error(), out, err);
  auto reply = (*remote)->ask(command.request);
  if (!reply) return fail(command, reply.error(), out, err);
  if (command_of(command) == Command::logout) forget_session(command.node.data_dir);
  if (command_of(command) == Command::login && reply->error.empty()) {
    auto data = keep_token(command, reply->data);
    if (!data) return fail(command, data.error(), out, err);
    reply->data = std::move(*data);
  }
  return print(command, *reply, out, err);
}

} // namespace bulkhead::cli
