#include "protocol/token_lifecycle.hpp"

#include "protocol/jwt.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace bulkhead::protocol {
namespace {
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr hours lifetime{24};
constexpr hours refresh_ahead{2};
constexpr minutes login_ahead{10}; // when validate keeps the old token, a login must come before its end
constexpr seconds fresh{60};       // a 401 on a token younger than this is not cured by a login at once

struct Refusal {
  int code;
  std::string_view advice;
};
/// The codes of Auth/loginKey which no retry cures; 8 is "unknown error".
constexpr std::array<Refusal, 9> refusals{{
    {1, "user name not found: it is the platform login, neither e-mail nor account name"},
    {2, "password verification failed"},
    {3, "user name or API key is wrong"},
    {4, "application not found"},
    {5, "application verification failed"},
    {6, "device not accepted"},
    {7, "agreements are not signed: sign them on the platform"},
    {9, "no API subscription on this user"},
    {10, "the firm has disabled logins by API key"},
}};

} // namespace

std::string_view to_string(TokenState state) noexcept {
  switch (state) {
  case TokenState::none: return "none";
  case TokenState::logging_in: return "logging_in";
  case TokenState::valid: return "valid";
  case TokenState::refreshing: return "refreshing";
  case TokenState::failed: return "failed";
  case TokenState::refused: return "refused";
  }
  return "unknown";
}

TokenLifecycle::TokenLifecycle(std::uint64_t seed)
    : failed_logins_({seconds{2}, seconds{10}, seconds{30}, seconds{60}}, seed),
      refused_logins_({seconds{60}, seconds{120}, seconds{300}}, seed, 0),
      failed_refreshes_({seconds{30}, seconds{60}, seconds{120}, seconds{300}}, seed, 0),
      refused_tokens_({seconds{5}, seconds{30}, seconds{60}, seconds{300}}, seed) {}

TokenAction TokenLifecycle::start(model::Instant) {
  return state_ == TokenState::none ? login() : TokenAction::none;
}

TokenAction TokenLifecycle::on_timer(model::Instant now) {
  if (!due_ || now < *due_) return TokenAction::none;
  if (state_ != TokenState::valid || login_next_) return login();
  state_ = TokenState::refreshing;
  due_.reset();
  return TokenAction::validate;
}

TokenAction TokenLifecycle::login() {
  state_ = TokenState::logging_in;
  due_.reset();
  return TokenAction::login;
}

void TokenLifecycle::install(std::string token, model::Instant now) {
  token_ = std::move(token);
  ++generation_;
  issued_at_ = now;
  expires_at_ = now + lifetime;
  // An end in the past means that our clock is wrong, and the gateway will say so by a 401 if it is not.
  if (const auto exp = jwt_expiry(token_); exp && *exp > now) expires_at_ = std::min(expires_at_, *exp);
  const auto life = expires_at_ - now;
  due_ = now + std::max<model::Duration>(life - refresh_ahead, life / 2);
  login_next_ = false;
  state_ = TokenState::valid;
  reason_.clear();
  failed_refreshes_.reset();
}

void TokenLifecycle::on_login_ok(std::string token, model::Instant now) {
  if (state_ != TokenState::logging_in) return;
  if (token.empty()) return on_login_failed("the gateway accepted the login but sent no token", now);
  failed_logins_.reset();
  refused_logins_.reset();
  install(std::move(token), now);
}

void TokenLifecycle::on_login_rejected(int error_code, std::string_view error_message, model::Instant now) {
  if (state_ != TokenState::logging_in) return;
  const auto known =
      std::find_if(refusals.begin(), refusals.end(), [&](const Refusal& r) { return r.code == error_code; });
  std::string words = known == refusals.end() ? std::string("unknown error") : std::string(known->advice);
  words = fmt::format("login refused, code {}: {}", error_code, words);
  if (!error_message.empty()) words += fmt::format(" ({})", error_message.substr(0, 300));
  if (known == refusals.end()) return on_login_failed(words, now);
  retry_login(TokenState::refused, std::move(words), now + refused_logins_.next());
}

void TokenLifecycle::on_login_failed(std::string_view reason, model::Instant now,
                                     std::optional<seconds> retry_after) {
  if (state_ != TokenState::logging_in) return;
  model::Duration pause = failed_logins_.next();
  if (retry_after) pause = std::max<model::Duration>(pause, std::min(*retry_after, seconds{300}));
  retry_login(TokenState::failed, std::string(reason), now + pause);
}

void TokenLifecycle::retry_login(TokenState state, std::string reason, model::Instant at) {
  state_ = state;
  reason_ = std::move(reason);
  due_ = at;
}

TokenAction TokenLifecycle::on_validated(std::string new_token, model::Instant now) {
  if (state_ != TokenState::refreshing) return TokenAction::none;
  if (!new_token.empty()) {
    install(std::move(new_token), now);
    return TokenAction::none;
  }
  if (now + login_ahead >= expires_at_) return login();
  state_ = TokenState::valid;
  reason_.clear();
  login_next_ = true;
  due_ = expires_at_ - login_ahead;
  return TokenAction::none;
}

TokenAction TokenLifecycle::on_validate_failed(std::string_view reason, model::Instant now) {
  if (state_ != TokenState::refreshing) return TokenAction::none;
  reason_ = reason;
  if (failed_refreshes_.exhausted()) return login();
  const auto again = now + failed_refreshes_.next();
  if (again + login_ahead >= expires_at_) return login();
  state_ = TokenState::valid;
  due_ = again;
  return TokenAction::none;
}

TokenAction TokenLifecycle::on_unauthorized(std::uint64_t generation, model::Instant now) {
  const bool current = generation == generation_ && !token_.empty();
  if (!current) return TokenAction::none;
  token_.clear();
  // A login in flight, or one already planned after a failure, serves this complaint too.
  if (state_ != TokenState::valid && state_ != TokenState::refreshing) return TokenAction::none;
  if (now - issued_at_ >= fresh) {
    refused_tokens_.reset();
    return login();
  }
  retry_login(TokenState::failed, "the gateway refuses the token it has just issued",
              now + refused_tokens_.next());
  return TokenAction::none;
}

std::optional<std::string_view> TokenLifecycle::token(model::Instant now) const {
  if (token_.empty() || now >= expires_at_) return std::nullopt;
  return token_;
}

} // namespace bulkhead::protocol
