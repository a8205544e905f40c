#include "actors/webhooks.hpp"

#include "actors/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::actors {

using model::Alert;
using model::WebhookConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_webhooks_waiting = 64;
constexpr int most_tries = 10;
constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{60};
constexpr std::size_t shown_digits = 4;

std::string unlocks(const model::Lockout& row) {
  return row.expires_at ? "unlocks at " + model::format_instant(*row.expires_at)
                        : "stays until an admin clears it";
}

void add(std::vector<AlertText>& out, const model::Decision& decision) {
  const auto closes = std::count_if(decision.intents.begin(), decision.intents.end(), [](const auto& intent) {
    return intent.kind != model::EnforcementIntent::Kind::cancel_order;
  });
  const auto cancels = static_cast<std::ptrdiff_t>(decision.intents.size()) - closes;
  for (const auto& b : decision.breaches) {
    out.push_back({decision.at,
                   Alert::Severity::critical,
                   "breach",
                   {},
                   fmt::format("{}: {} against a limit of {} ({}). {}", to_string(b.source),
                               to_string(b.actual), to_string(b.limit), b.reason,
                               b.dry_run ? std::string("Dry run: nothing is done.")
                                         : fmt::format("Closing {} positions, cancelling {} orders.", closes,
                                                       cancels))});
  }
  for (const auto& row : decision.lockouts_set) {
    out.push_back({decision.at,
                   Alert::Severity::critical,
                   "lockout",
                   {},
                   fmt::format("locked by {} ({}): {}; {}", to_string(row.source), to_string(row.mode),
                               row.reason, unlocks(row))});
  }
  for (const auto& ended : decision.lockouts_cleared) {
    out.push_back(
        {decision.at,
         Alert::Severity::info,
         "lockout-cleared",
         {},
         fmt::format("lockout of {} ended by {}", to_string(ended.lockout.source), to_string(ended.cause))});
  }
  for (const auto& alert : decision.alerts) {
    out.push_back({decision.at, alert.severity, alert.code, {}, alert.text});
  }
}

void add(std::vector<AlertText>& out, const Certificate& c) {
  const auto& sum = c.closes;
  out.push_back({{},
                 c.achieved ? Alert::Severity::info : Alert::Severity::critical,
                 c.achieved ? "enforcement-verified" : "enforcement-ended-open",
                 {},
                 fmt::format("{}: {} of {} positions closed, {} failed, {} waiting for the market{}{}. {}",
                             c.reason, sum.successful_closes, sum.total_positions, sum.failed_closes,
                             sum.deferred, sum.total_pnl ? ", result " + to_string(*sum.total_pnl) : "",
                             c.slipped ? ", slipped " + to_string(*c.slipped) : "", c.detail)});
}

void add(std::vector<AlertText>& out, const Alert& alert) {
  out.push_back({{}, alert.severity, alert.code, {}, alert.text});
}

} // namespace

std::string redacted(std::string text, model::AccountId account) {
  const std::string number = std::to_string(account.value);
  if (account.value == 0 || number.size() <= shown_digits) return text;
  const std::string shown = "..." + number.substr(number.size() - shown_digits);
  for (auto at = text.find(number); at != std::string::npos; at = text.find(number, at + shown.size())) {
    text.replace(at, number.size(), shown);
  }
  return text;
}

std::vector<AlertText> alert_texts(const Activity& activity) {
  std::vector<AlertText> out;
  std::visit([&](const auto& what) { add(out, what); }, activity.what);
  for (auto& alert : out) {
    alert.at = activity.at;
    if (activity.account.value != 0)
      alert.account = redacted(std::to_string(activity.account.value), activity.account);
    alert.text = redacted(escaped(alert.text), activity.account);
  }
  return out;
}

std::string body_of(const AlertText& alert, const WebhookConfig& hook) {
  const auto line = fmt::format("[{}] {}{}: {}", to_string(alert.severity), alert.code,
                                alert.account.empty() ? "" : " account " + alert.account, alert.text);
  nlohmann::ordered_json body;
  switch (hook.format) {
  case WebhookConfig::Format::json:
    body = {{"at", model::format_instant(alert.at, 3)},
            {"severity", to_string(alert.severity)},
            {"code", alert.code},
            {"account", alert.account},
            {"text", alert.text}};
    break;
  case WebhookConfig::Format::discord:
    body = {{"content", line}, {"allowed_mentions", {{"parse", nlohmann::ordered_json::array()}}}};
    break;
  case WebhookConfig::Format::telegram: body = {{"chat_id", hook.chat_id}, {"text", line}}; break;
  }
  return body.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

void WebhookQueue::push(AlertText alert) {
  if (queue_.size() >= most_webhooks_waiting) {
    queue_.erase(queue_.begin() + (under_way_ ? 1 : 0));
    ++dropped_;
    ++untold_drops_;
  }
  queue_.push_back(std::move(alert));
}

std::optional<AlertText> WebhookQueue::take(model::Instant now) {
  if (under_way_ || queue_.empty() || due_ > now) return std::nullopt;
  under_way_ = true;
  if (untold_drops_ > 0) {
    queue_.front().text += fmt::format(" ({} earlier alerts were dropped)", untold_drops_);
    untold_drops_ = 0;
  }
  return queue_.front();
}

void WebhookQueue::done() {
  queue_.pop_front();
  under_way_ = false;
  tries_ = 0;
  due_ = {};
}

void WebhookQueue::failed(model::Instant now, bool worth_repeating,
                          std::optional<std::chrono::seconds> retry_after) {
  if (!worth_repeating || ++tries_ >= most_tries) {
    ++dropped_;
    ++untold_drops_;
    return done();
  }
  under_way_ = false;
  const auto pause = first_pause * (1 << std::min(tries_ - 1, 6));
  due_ = now + std::clamp(retry_after.value_or(pause), first_pause, longest_pause);
}

std::optional<model::Instant> WebhookQueue::next_timer() const {
  if (under_way_ || queue_.empty()) return std::nullopt;
  return due_;
}

} // namespace bulkhead::actors
