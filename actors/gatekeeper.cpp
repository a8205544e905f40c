#include "actors/gatekeeper.hpp"

#include "actors/admin_password.hpp"
#include "actors/control_keys.hpp"
#include "actors/control_views.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace bulkhead::actors {
namespace {

using GatekeeperSelf = gatekeeper_actor::stateful_pointer<GatekeeperState>;
using model::Alert;
using nlohmann::json;

constexpr std::uintmax_t longest_audit_log = 10 * 1024 * 1024;
constexpr AdminSessions::Now second = 1'000'000'000;

class Gate {
public:
  Gate(GatekeeperSelf self, GatekeeperDeps deps) : self_(self), deps_(std::move(deps)) {}

  ControlReply admit(const ControlRequest& m) {
    const auto* spec = find_command(m.command);
    auto reply = spec == nullptr ? refusal(m, codes::unknown_command, "no such command") : decide(m, *spec);
    write(m, reply.error.empty() ? "admitted" : reply.error, reply.message);
    return reply;
  }

  void write(const ControlRequest& m, const std::string& outcome, const std::string& message) {
    const auto* spec = find_command(m.command);
    const json line = {{"at", model::format_instant(deps_.clock->now(), 3)},
                       {"command", spec == nullptr ? "unknown" : std::string(spec->name)},
                       {"account_id", m.account_id},
                       {"request_id", m.request_id},
                       {"contract", m.contract},
                       {"symbol", m.symbol},
                       {"order_id", m.order_id},
                       {"rule", m.rule},
                       {"source", m.source},
                       {"reason", m.reason},
                       {"amount", to_string(model::Money{m.amount_micros})},
                       {"duration_seconds", m.duration_seconds},
                       {"outcome", outcome},
                       {"message", message}};
    const bool written = append(json_text(line) + '\n');
    if (!written && !self_->state.audit_failing)
      tell(Alert::Severity::critical, "audit-failing the audit log cannot be written");
    self_->state.audit_failing = !written;
  }

private:
  ControlReply decide(const ControlRequest& m, const CommandSpec& spec) {
    if (spec.command == Command::login) return login(m);
    if (spec.command == Command::logout) {
      self_->state.sessions.close(m.token);
      return {m.request_id, "", "", json_text({{"logged_out", true}})};
    }
    const auto role = self_->state.sessions.holds(m.token, now()) ? Role::admin : Role::trader;
    if (permitted(role, m.command)) return {m.request_id, "", "", ""};
    return refusal(m, codes::unauthorized,
                   m.token.empty() ? "this takes an admin: bulkhead login"
                                   : "the session has ended: bulkhead login");
  }

  ControlReply login(const ControlRequest& m) {
    auto& sessions = self_->state.sessions;
    if (const auto left = sessions.locked_until_free(now()); left > 0) {
      tell(Alert::Severity::warning, "admin-login-refused locked after wrong passwords");
      return refusal(
          m, codes::unauthorized,
          fmt::format("too many wrong passwords; try again in {} s", (left + second - 1) / second));
    }
    const auto right = is_admin_password(deps_.data_dir, m.secret);
    if (!right) {
      return refusal(m, codes::unauthorized,
                     right.error().message() +
                         "; on the daemon's machine: bulkhead init --admin-password-file F");
    }
    if (!*right) {
      const bool locked = sessions.note_wrong_password(now());
      tell(Alert::Severity::warning, locked ? "admin-login-locked too many wrong passwords; five minutes"
                                            : "admin-login-refused wrong password");
      return refusal(m, codes::unauthorized, "wrong password");
    }
    auto token = make_token();
    sessions.open(token, now());
    tell(Alert::Severity::info, "admin-login");
    const auto ends = deps_.clock->now() + std::chrono::nanoseconds{AdminSessions::session_lasts};
    const json data = {{"token", std::move(token)},
                       {"expires_at", model::format_instant(std::chrono::floor<model::Duration>(ends))}};
    return {m.request_id, "", "", json_text(data)};
  }

  /// Synced before anything is answered. A full disk must not keep anybody from flattening: it is told
  /// instead.
  bool append(const std::string& line) {
    const auto file = control_directory(deps_.data_dir) / "audit.log";
    std::error_code ignored; // a log that cannot be measured or moved just grows
    if (const auto size = std::filesystem::file_size(file, ignored); !ignored && size > longest_audit_log)
      std::filesystem::rename(file, file.string() + ".1", ignored);
    const int out = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (out < 0) return false;
    const bool written = ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const bool synced = ::fdatasync(out) == 0;
    ::close(out);
    return written && synced;
  }

  void tell(Alert::Severity severity, const std::string& text) { deps_.logs.daemon(severity, text); }
  [[nodiscard]] AdminSessions::Now now() const { return deps_.clock->monotonic(); }

  GatekeeperSelf self_;
  GatekeeperDeps deps_;
};

} // namespace

gatekeeper_actor::behavior_type gatekeeper(GatekeeperSelf self, GatekeeperDeps deps) {
  const auto gate = std::make_shared<Gate>(self, std::move(deps));
  return {
      [=](const ControlRequest& m) { return gate->admit(m); },
      [=](const Audit& m) { gate->write(m.request, m.outcome, m.message); },
  };
}

} // namespace bulkhead::actors
