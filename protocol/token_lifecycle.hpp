#pragma once
// Keeps one access token alive: log in by key, renew it two hours before its end, log in again when it is
// refused. Pure: fed with outcomes and `now`, answers with the one request to make. At most one request is in
// flight, whatever number of callers wait or complain. Owned by the credential's connection, called from its
// thread. Holds one token and never puts it into a text.

#include "model/time.hpp"
#include "protocol/backoff.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::protocol {

enum class TokenState {
  none,       // not started
  logging_in, // a login is in flight; an earlier token may still serve
  valid,
  refreshing, // a validate is in flight; the token still serves
  failed,     // the last login did not work; another follows
  refused,    // the gateway rejects these credentials; tried again slowly, a person must act
};
[[nodiscard]] std::string_view to_string(TokenState state) noexcept;

/// What to send: Auth/loginKey, or Auth/validate with the current token.
enum class TokenAction { none, login, validate };

class TokenLifecycle {
public:
  explicit TokenLifecycle(std::uint64_t seed);

  /// The first login. Nothing when started already.
  [[nodiscard]] TokenAction start(model::Instant now);
  [[nodiscard]] TokenAction on_timer(model::Instant now);
  /// When on_timer() has something to do.
  [[nodiscard]] std::optional<model::Instant> next_timer() const noexcept { return due_; }

  void on_login_ok(std::string token, model::Instant now);
  /// The gateway answered success:false. Errors of the credentials lead to `refused`, others to `failed`.
  void on_login_rejected(int error_code, std::string_view error_message, model::Instant now);
  /// No usable answer: network, timeout, 5xx, 429.
  void on_login_failed(std::string_view reason, model::Instant now,
                       std::optional<std::chrono::seconds> retry_after = std::nullopt);

  /// An empty token means: keep the old one.
  [[nodiscard]] TokenAction on_validated(std::string new_token, model::Instant now);
  /// No usable answer; the token is kept. For a refused token call on_unauthorized() instead.
  [[nodiscard]] TokenAction on_validate_failed(std::string_view reason, model::Instant now);

  /// A request with the token of that generation got a 401. Complaints about an older token are ignored.
  [[nodiscard]] TokenAction on_unauthorized(std::uint64_t generation, model::Instant now);

  /// The token to use now, valid until the next non-const call.
  [[nodiscard]] std::optional<std::string_view> token(model::Instant now) const;
  /// Grows with every new token; to be kept with each request for on_unauthorized().
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] model::Instant expires_at() const noexcept { return expires_at_; }
  [[nodiscard]] TokenState state() const noexcept { return state_; }
  /// Why there is no fresh token, for people; empty when all is well.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

private:
  [[nodiscard]] TokenAction login();
  void install(std::string token, model::Instant now);
  void retry_login(TokenState state, std::string reason, model::Instant at);

  TokenState state_ = TokenState::none;
  std::string token_;
  std::uint64_t generation_ = 0;
  model::Instant issued_at_{};
  model::Instant expires_at_{};
  std::optional<model::Instant> due_;
  bool login_next_ = false; // what on_timer() asks for in state valid: a login, else a validate
  std::string reason_;
  Backoff failed_logins_;
  Backoff refused_logins_;
  Backoff failed_refreshes_;
  Backoff refused_tokens_; // fresh tokens that met a 401 at once
};

} // namespace bulkhead::protocol
