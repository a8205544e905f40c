#pragma once
// What crosses the control port between the daemon and the command line. Plain fields, inspected by name; a
// change of any struct is a change of the protocol and of control_protocol. Whatever comes from a peer is
// validated on arrival.

#include <caf/meta/type_name.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace bulkhead::actors {

/// Both sides announce it; a client of another version is refused at the handshake.
inline constexpr const char* control_protocol = "bulkhead/5";

struct LockoutView {
  std::string source; // "RULE-003"
  std::string scope;  // "account" or "symbol:RTY"
  std::string kind;   // "hard"
  std::string mode;   // "flatten"
  std::string reason;
  std::string created_at;
  std::string expires_at; // ISO 8601; empty: indefinite
  std::uint32_t violations = 0;
};
template <class I>
typename I::result_type inspect(I& f, LockoutView& x) {
  return f(caf::meta::type_name("lockout_view"), x.source, x.scope, x.kind, x.mode, x.reason, x.created_at,
           x.expires_at, x.violations);
}

struct RuleView {
  std::string rule;  // "RULE-003"
  std::string name;  // "DailyRealizedLoss"
  std::string value; // "-$320.00"; empty where the rule has no single figure
  std::string limit;
  std::int32_t percent = -1; // of the limit; -1 where there is none
  bool dry_run = false;
  std::string room; // how far the limit is away: "$180.00, 90 ticks, about 12m"; empty when unknown
};
template <class I>
typename I::result_type inspect(I& f, RuleView& x) {
  return f(caf::meta::type_name("rule_view"), x.rule, x.name, x.value, x.limit, x.percent, x.dry_run, x.room);
}

/// How long one stage of this account's enforcements took, since the daemon started.
struct StageView {
  std::string stage; // "decided", "first_request", ...
  std::uint64_t count = 0;
  std::int64_t p50_us = 0; // upper ends of buckets
  std::int64_t p99_us = 0;
  std::int64_t max_us = 0;
};
template <class I>
typename I::result_type inspect(I& f, StageView& x) {
  return f(caf::meta::type_name("stage_view"), x.stage, x.count, x.p50_us, x.p99_us, x.max_us);
}

struct AccountView {
  std::int64_t account_id = 0;
  std::string nickname;
  bool ready = false;
  bool connected = false;
  bool responding = true;     // false: its actor did not answer in time
  std::int8_t can_trade = -1; // -1 unknown, 0 no, 1 yes
  bool has_balance = false;
  std::int64_t balance_micros = 0;
  std::int32_t position_count = 0;
  std::int32_t contracts = 0; // sum of sizes
  std::int32_t order_count = 0;
  bool locked_out = false;
  std::int64_t realized_net_micros = 0;
  std::int64_t unrealized_micros = 0;
  std::int32_t unvalued_positions = 0;
  std::vector<LockoutView> lockouts;
  std::vector<RuleView> rules;
  std::string next_reset;
  std::int64_t last_event_age_ms = -1;
  std::uint64_t refused_inputs = 0;
  bool enforceable = true;            // false: the API refuses to close or cancel for it
  std::string refusal;                // why not
  std::uint32_t enforcing = 0;        // closes and cancels under way
  std::uint32_t deferred = 0;         // of them waiting for the market to open
  std::string alarm;                  // what enforcement could not bring about in time
  std::string credential;             // accounts of one credential share one request budget
  std::uint32_t flatten_requests = 0; // what flattening this account takes
  std::uint32_t requests_left = 0;    // what its credential may send at once
  std::string read_at; // when the latest complete read by REST was asked for; empty: none since the start
  std::vector<std::string> read_differences; // what it showed that live events had not told of
  std::vector<StageView> stages;
  std::vector<std::string> warnings; // what needs a look, in words
  bool disabled = false;             // an admin took it out of enforcement
};
template <class I>
typename I::result_type inspect(I& f, AccountView& x) {
  return f(caf::meta::type_name("account_view"), x.account_id, x.nickname, x.ready, x.connected, x.responding,
           x.can_trade, x.has_balance, x.balance_micros, x.position_count, x.contracts, x.order_count,
           x.locked_out, x.realized_net_micros, x.unrealized_micros, x.unvalued_positions, x.lockouts,
           x.rules, x.next_reset, x.last_event_age_ms, x.refused_inputs, x.enforceable, x.refusal,
           x.enforcing, x.deferred, x.alarm, x.credential, x.flatten_requests, x.requests_left, x.read_at,
           x.read_differences, x.stages, x.warnings, x.disabled);
}

struct StatusRequest {
  std::string request_id;
  std::int64_t account_id = 0; // 0: all
};
template <class I>
typename I::result_type inspect(I& f, StatusRequest& x) {
  return f(caf::meta::type_name("status_request"), x.request_id, x.account_id);
}

struct StatusReply {
  std::string request_id;
  std::string error; // one of the codes of the control protocol, empty on success
  std::string message;
  bool connected = false; // every user hub
  std::int64_t uptime_seconds = 0;
  std::string version;
  std::int64_t resident_kib = 0; // not in the frames of the live view
  std::int64_t heap_kib = 0;
  std::vector<AccountView> accounts;
};
template <class I>
typename I::result_type inspect(I& f, StatusReply& x) {
  return f(caf::meta::type_name("status_reply"), x.request_id, x.error, x.message, x.connected,
           x.uptime_seconds, x.version, x.resident_kib, x.heap_kib, x.accounts);
}

/// One line of what happened, as the log tells it.
struct FeedLine {
  std::int64_t account_id = 0;
  std::uint8_t severity = 0; // 0 info, 1 warning, 2 critical
  std::string at;            // ISO 8601
  std::string text;
};
template <class I>
typename I::result_type inspect(I& f, FeedLine& x) {
  return f(caf::meta::type_name("feed_line"), x.account_id, x.severity, x.at, x.text);
}

/// The live view as it is now, and what happened since the last frame.
struct WatchFrame {
  std::uint64_t number = 0;
  StatusReply status;
  std::vector<FeedLine> feed;
};
template <class I>
typename I::result_type inspect(I& f, WatchFrame& x) {
  return f(caf::meta::type_name("watch_frame"), x.number, x.status, x.feed);
}

} // namespace bulkhead::actors
