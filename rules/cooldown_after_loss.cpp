// RULE-007 CooldownAfterLoss: a forced pause after a losing trade, longer after a larger loss. A trade is a
// fill, an order or a round trip from flat to flat. Each reaches a tier once, so the fills of one order only
// ever escalate. The answer follows from the fills alone.

#include "model/trade_counter.hpp"
#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Duration;
using model::Fill;
using model::Instant;
using model::Measure;
using model::Money;

enum class Scope { fill, order, round_trip };
enum class Basis { net, gross };

struct Tier {
  Money loss; // magnitude
  Duration pause{};
};

struct Settings {
  std::vector<Tier> tiers; // by loss
  Scope scope = Scope::order;
  Basis basis = Basis::net;
  bool close_positions = true;
  bool warn_only = false;
  bool ignore_enforced = false;
};

void read_tier(Params& params, const model::ConfigNode& node, Settings& s) {
  const auto* amount = node.find("loss_amount");
  const auto* pause = node.find("cooldown_duration");
  if (amount == nullptr || pause == nullptr)
    return params.complain(node, "must have loss_amount and cooldown_duration");
  for (const auto& [key, value] : node.entries) {
    if (key != "loss_amount" && key != "cooldown_duration")
      params.complain(value, "unknown key", nearest(key, {"loss_amount", "cooldown_duration"}));
  }
  const auto loss = params.magnitude_of(*amount, Money::dollars(1));
  const auto length = params.duration_of(*pause);
  if (loss && length) s.tiers.push_back({*loss, *length});
}

void read_tiers(Params& params, Settings& s) {
  if (const auto* list = params.take("loss_thresholds")) {
    if (list->kind != model::ConfigNode::Kind::list || list->items.empty())
      return params.complain(*list, "must be a list of { loss_amount, cooldown_duration }");
    for (const auto& item : list->items) read_tier(params, item, s);
  } else if (params.has("loss_threshold")) {
    const Money loss = params.required_magnitude({"loss_threshold"});
    s.tiers.push_back({loss, params.duration("cooldown_seconds", std::chrono::seconds{300})});
  } else {
    params.complain("loss_thresholds", "is missing: a rule in the file must state its limit");
  }
  std::sort(s.tiers.begin(), s.tiers.end(), [](const Tier& a, const Tier& b) { return a.loss < b.loss; });
  for (std::size_t i = 1; i < s.tiers.size(); ++i) {
    if (s.tiers[i].loss == s.tiers[i - 1].loss) params.complain("loss_thresholds", "names one loss twice");
    if (s.tiers[i].pause <= s.tiers[i - 1].pause)
      params.complain("loss_thresholds", "a larger loss must have a longer cooldown");
  }
}

Settings read(Params& params) {
  Settings s;
  read_tiers(params, s);
  s.scope = params.one_of<Scope>(
      "loss_scope", {{"fill", Scope::fill}, {"order", Scope::order}, {"round_trip", Scope::round_trip}},
      Scope::order);
  s.basis = params.one_of<Basis>("pnl_basis", {{"net", Basis::net}, {"gross", Basis::gross}}, Basis::net);
  s.close_positions = params.boolean("close_positions", true);
  s.warn_only = params.boolean("allow_trading_during_cooldown", false);
  s.ignore_enforced = params.boolean("ignore_enforced_closes", false);
  return s;
}

/// Names the trade a fill belongs to, oldest fill first.
class Grouping {
public:
  explicit Grouping(Scope scope) : scope_(scope) {}

  [[nodiscard]] std::string of(const Fill& fill) {
    if (scope_ == Scope::fill || (scope_ == Scope::order && fill.order.value == 0))
      return fmt::format("fill {}", fill.id.value);
    if (scope_ == Scope::order) return fmt::format("order {}", fill.order.value);
    Trip& trip = trips_[fill.contract];
    const std::int64_t signed_size = fill.side == model::Side::buy ? fill.size : -fill.size;
    const auto name =
        fmt::format("{} round trip {}", fill.contract.value, trip.number == 0 ? fill.id.value : trip.number);
    // A close of what was opened before the fills we know moves nothing.
    if (trip.held == 0 && fill.pnl) return name;
    if (trip.held == 0) trip.number = fill.id.value;
    const auto before = trip.held;
    trip.held += signed_size;
    const bool over = trip.held == 0 || (before != 0 && (before < 0) != (trip.held < 0));
    if (over) trip.number = trip.held == 0 ? 0 : fill.id.value; // a flip begins the next one
    return name;
  }

private:
  struct Trip {
    std::int64_t held = 0;
    std::int64_t number = 0; // id of its first fill
  };
  Scope scope_;
  std::map<model::ContractId, Trip> trips_;
};

struct Loss {
  Money sum;
  std::size_t tiers = 0;          // reached so far
  Instant reached;                // when the highest of them was
  Instant until = Instant::min(); // latest end of the pauses
  Money at_breach;
};

std::map<std::string, Loss> losses_of(const Settings& s, const RuleContext& context) {
  std::map<std::string, Loss> losses;
  Grouping grouping(s.scope);
  for (const Fill* fill : fills_in_order(context.state)) {
    const auto name = grouping.of(*fill);
    if (s.ignore_enforced && is_enforced(context.state, *fill)) continue;
    Loss& loss = losses[name];
    loss.sum += s.basis == Basis::net ? fill->gross() - fill->costs() : fill->gross();
    if (!fill->pnl) continue;
    for (; loss.tiers < s.tiers.size() && loss.sum <= -s.tiers[loss.tiers].loss; ++loss.tiers) {
      loss.reached = fill->executed_at;
      loss.at_breach = loss.sum;
      loss.until = std::max(loss.until, fill->executed_at + s.tiers[loss.tiers].pause);
    }
  }
  return losses;
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  for (const auto& [name, loss] : losses_of(s, context)) {
    if (loss.tiers == 0 || loss.until <= context.event.at) continue;
    Finding finding;
    finding.subject = name;
    finding.occasion = loss.reached;
    finding.actual = Measure::money(loss.at_breach);
    finding.limit = Measure::money(-s.tiers[loss.tiers - 1].loss);
    finding.reason = fmt::format("{} lost {}, {} pauses trading", name, to_string(loss.at_breach.abs()),
                                 to_string(s.tiers[loss.tiers - 1].loss));
    if (!s.warn_only) {
      const auto mode = s.close_positions ? model::LockoutMode::flatten : model::LockoutMode::no_new_exposure;
      finding.lockout = cooldown(context, finding.reason, loss.until, mode);
      finding.cancel = s.close_positions ? all_orders(context.state) : exposure_orders(context);
      if (s.close_positions) finding.at_most = flatten(context.state);
    }
    verdict.findings.push_back(std::move(finding));
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec cooldown_after_loss_rule;
const RuleSpec cooldown_after_loss_rule{
    .number = 7,
    .key = "cooldown_after_loss",
    .name = "CooldownAfterLoss",
    .summary = "pauses trading after a losing trade, longer after a larger loss",
    .events = model::events<model::Fill>(),
    .bind = bind,
};

} // namespace bulkhead::rules
