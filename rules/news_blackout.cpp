// RULE-023 NewsBlackout: around economic releases nothing new is opened in the instruments they move, or
// nothing is held at all. Releases come from news.yaml; a calendar that has run out is said, and on request
// blocks.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Impact;
using model::Instant;
using model::NewsEvent;
using model::Position;
using model::Root;

struct Settings {
  model::Duration before{};
  model::Duration after{};
  Impact least = Impact::high;
  bool flatten = false;
  bool cancel_orders = true;
  bool block_when_missing = false;
};

Settings read(Params& params) {
  Settings s;
  s.before = params.duration("before_seconds", std::chrono::seconds{120});
  s.after = params.duration("after_seconds", std::chrono::seconds{300});
  s.least = params.one_of<Impact>(
      "min_impact", {{"low", Impact::low}, {"medium", Impact::medium}, {"high", Impact::high}}, Impact::high);
  s.flatten = params.one_of<bool>("action", {{"block_new", false}, {"flatten_before", true}}, false);
  s.cancel_orders = params.boolean("cancel_orders", true);
  s.block_when_missing = params.one_of<bool>("on_missing", {{"allow", false}, {"block", true}}, false);
  return s;
}

struct Window {
  const NewsEvent* news = nullptr;
  Instant from;
  Instant to; // outside
};

bool moves(const NewsEvent& news, const RuleContext& context, const Root& root) {
  return news.roots.empty() ||
         std::any_of(news.roots.begin(), news.roots.end(), [&](const std::string& name) {
           return context.roots.family_of(context.roots.canonical(name)) == context.roots.family_of(root);
         });
}

/// The window around `at` for a root, the one that ends last; and when the next begins.
struct Now {
  std::optional<Window> window;
  std::optional<Instant> next;
};
Now now_of(const Settings& s, const RuleContext& context, const Root& root) {
  Now out;
  const Instant at = context.event.at;
  for (const auto& news : context.news.events) {
    if (news.impact < s.least || !moves(news, context, root)) continue;
    const Window window{&news, news.at - news.before.value_or(s.before),
                        news.at + news.after.value_or(s.after)};
    if (at < window.from) out.next = std::min(out.next.value_or(window.from), window.from);
    const bool inside = window.from <= at && at < window.to;
    if (inside && (!out.window || window.to > out.window->to)) out.window = window;
  }
  return out;
}

/// What of a position was there when the window began, signed.
std::int32_t allowed(const RuleContext& context, const Position& position, Instant from) {
  const auto* known = context.memory(position.contract.value);
  if (known == nullptr) return position.increased_at < from ? position.quantity : 0;
  const auto kept = static_cast<std::int32_t>(known->number);
  if ((kept < 0) != (position.quantity < 0)) return 0;
  return std::abs(kept) < position.size() ? kept : position.quantity;
}

model::Lockout lockout_of(const Settings& s, const RuleContext& context, const Root& root,
                          const Window& window, std::string reason) {
  using model::ClearCause;
  model::Lockout lockout;
  lockout.symbol = root;
  lockout.kind = model::LockoutKind::symbol;
  lockout.mode = s.flatten ? model::LockoutMode::flatten : model::LockoutMode::no_new_exposure;
  lockout.reason = std::move(reason);
  lockout.expires_at = window.to;
  lockout.clear_on = model::ClearOn{}.with(ClearCause::expiry).with(ClearCause::admin);
  if (s.flatten) return lockout;
  for (const auto& [contract, position] : context.state.positions) {
    if (context.roots.root_of(contract) == root)
      lockout.baseline[contract] = allowed(context, position, window.from);
  }
  return lockout;
}

void judge_position(const Settings& s, const RuleContext& context, const Position& position,
                    const Window& window, Verdict& verdict) {
  const auto root = context.roots.root_of(position.contract);
  const std::int32_t kept = s.flatten ? 0 : allowed(context, position, window.from);
  if (!s.flatten) verdict.memory[position.contract.value].number = kept;
  if (position.size() <= std::abs(kept)) return;
  Finding finding;
  finding.contract = position.contract;
  finding.actual = model::Measure::contracts(position.size());
  finding.limit = model::Measure::contracts(std::abs(kept));
  finding.reason =
      fmt::format("{} at {}: {} is blocked until {}", window.news->name,
                  model::format_instant(window.news->at), root.value, model::format_instant(window.to));
  finding.at_most = {{position.contract, std::abs(kept)}};
  finding.lockout = lockout_of(s, context, root, window, finding.reason);
  verdict.findings.push_back(std::move(finding));
}

void judge_calendar(const Settings& s, const RuleContext& context, Verdict& verdict) {
  if (context.news.valid_until && context.event.at < *context.news.valid_until) {
    verdict.wake(*context.news.valid_until);
    return;
  }
  verdict.notices.push_back(
      {"calendar",
       {model::Alert::Severity::warning, "news-calendar-missing",
        context.news.valid_until ? "the news calendar has run out" : "there is no news calendar"}});
  if (!s.block_when_missing) return;
  Finding finding;
  finding.actual = finding.limit = model::Measure::contracts(0);
  finding.reason = "nothing new without a news calendar";
  finding.lockout = hard_lockout(context, finding.reason);
  finding.lockout->mode = model::LockoutMode::no_new_exposure;
  finding.lockout->baseline = held_now(context);
  finding.cancel = exposure_orders(context);
  verdict.findings.push_back(std::move(finding));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  judge_calendar(s, context, verdict);
  for (const auto& [contract, position] : context.state.positions) {
    const auto [window, next] = now_of(s, context, context.roots.root_of(contract));
    if (next) verdict.wake(*next);
    if (window) {
      verdict.wake(window->to);
      judge_position(s, context, position, *window, verdict);
    } else if (!s.flatten) {
      verdict.memory[contract.value].number = position.quantity;
    }
  }
  for (const auto& [id, live] : context.state.orders) {
    const auto& order = live.order;
    if (!s.cancel_orders || !increases_exposure(order, context.state.quantity(order.contract))) continue;
    const auto [window, next] = now_of(s, context, context.roots.root_of(order.contract));
    if (next) verdict.wake(*next);
    if (window) verdict.gone.push_back({id, fmt::format("blocked by {}", window->news->name)});
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  return binding;
}

} // namespace

extern const RuleSpec news_blackout_rule;
const RuleSpec news_blackout_rule{
    .number = 23,
    .key = "news_blackout",
    .name = "NewsBlackout",
    .summary = "opens nothing, or holds nothing, around economic releases in the instruments they move",
    .events = model::events<model::PositionUpdate, model::Order>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
