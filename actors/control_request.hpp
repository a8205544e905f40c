#pragma once
// What the command line sends over the control port and what it gets back, apart from status. One request for
// all commands, so that there is one place where it is validated and one where it is authorized; a field that
// a command does not know must be left as it is here. Replies carry their data as the JSON text that --json
// prints.

#include "actors/control_commands.hpp"

#include <caf/meta/type_name.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

struct ControlRequest {
  std::string request_id;
  std::uint8_t command = 0;    // a Command
  std::string token;           // of an admin session
  std::string secret;          // login: the password
  std::int64_t account_id = 0; // 0: all
  std::string contract;
  std::string symbol; // block: this instrument's root only
  std::int64_t order_id = 0;
  bool all = false;        // cancel: every order
  bool no_flatten = false; // block: what is open may stay
  bool dry_run = false;    // enforce
  std::string reason;
  std::string source;                // unblock: whose lockouts; empty: manual, "all": every one
  std::string rule;                  // enforce: "RULE-003"
  std::int64_t duration_seconds = 0; // block; 0: until unblocked
  std::int64_t since_micros = 0;     // history
  std::uint32_t limit = 0;           // history, logs: at most this many rows; 0: the default
  std::string pattern;               // logs: a regular expression (RE2)
  std::string level;                 // logs: this level and above
  std::int64_t amount_micros = 0;    // account payout, account adjust
};
template <class I>
typename I::result_type inspect(I& f, ControlRequest& x) {
  return f(caf::meta::type_name("control_request"), x.request_id, x.command, x.token, x.secret, x.account_id,
           x.contract, x.symbol, x.order_id, x.all, x.no_flatten, x.dry_run, x.reason, x.source, x.rule,
           x.duration_seconds, x.since_micros, x.limit, x.pattern, x.level, x.amount_micros);
}

struct ControlReply {
  std::string request_id;
  std::string error; // one of the codes of the control protocol, empty on success
  std::string message;
  std::string data; // JSON; empty: null
};
template <class I>
typename I::result_type inspect(I& f, ControlReply& x) {
  return f(caf::meta::type_name("control_reply"), x.request_id, x.error, x.message, x.data);
}

namespace codes {
inline constexpr const char* bad_request = "BAD_REQUEST";
inline constexpr const char* unknown_command = "UNKNOWN_COMMAND";
inline constexpr const char* unauthorized = "UNAUTHORIZED";
inline constexpr const char* no_such_account = "NO_SUCH_ACCOUNT";
inline constexpr const char* not_ready = "NOT_READY";
inline constexpr const char* rule_disabled = "RULE_DISABLED";
inline constexpr const char* config_invalid = "CONFIG_INVALID";
inline constexpr const char* internal = "INTERNAL";
inline constexpr const char* busy = "BUSY";
} // namespace codes

[[nodiscard]] ControlReply refusal(const ControlRequest& request, const char* code, std::string message);

/// What is wrong with the shape of a request from a peer: unknown command, a text that is too long, no UTF-8
/// or has control bytes, a figure out of range. None when it may be looked at further.
[[nodiscard]] std::optional<ControlReply> malformed(const ControlRequest& request);

} // namespace bulkhead::actors
