#include "tests/examples_runner/world.hpp"
#include "persistence/codec.hpp"
#include "tests/cli/config_test_files.hpp"
#include "tests/examples_runner/outcome.hpp"

#include <stdexcept>

namespace bulkhead::examples {

using namespace model;

namespace {

constexpr int most_wakes = 10'000;
constexpr auto tick = Duration{1};

// As the gateway states them: id, tick size, tick value.
constexpr const char* usual_contracts[] = {
    "MNQ 0.25 0.50", "NQ 0.25 5",       "MES 0.25 1.25",     "ES 0.25 12.50",  "RTY 0.10 5",
    "M2K 0.10 0.50", "CLE.V26 0.01 10", "MNQ.Z26 0.25 0.50", "RTY.H26 0.10 5", "RTY.M26 0.10 5"};

ContractLearned learned(const std::string& text) {
  Words words(text);
  ContractLearned event;
  event.contract.id = words.contract();
  event.contract.tick.size = words.price();
  event.contract.tick.value = words.money();
  return event;
}

void add(Result& result, const Decision& decision) {
  for (auto& outcome : outcomes(decision)) result.outcomes.push_back(std::move(outcome));
  std::sort(result.outcomes.begin(), result.outcomes.end());
  result.alerts.insert(result.alerts.end(), decision.alerts.begin(), decision.alerts.end());
}

} // namespace

std::shared_ptr<const rules::RuleSet> load_rules(const std::string& config, const std::string& holidays,
                                                 const std::string& news) {
  const cli::ConfigDirectory directory;
  directory.write("risk_config.yaml", config);
  if (!holidays.empty()) directory.write("holidays.yaml", holidays);
  if (!news.empty()) directory.write("news.yaml", news);
  const auto loaded = directory.load();
  Problems problems = loaded.problems;
  auto rules = rules::make_rule_set(loaded.config, problems);
  if (!problems.empty()) throw std::invalid_argument(cli::text_of(problems));
  return rules;
}

std::shared_ptr<const rules::RuleSet> dry(const std::shared_ptr<const rules::RuleSet>& rules) {
  auto copy = std::make_shared<rules::RuleSet>(*rules);
  for (auto& rule : copy->rules) rule.dry_run = true;
  return copy;
}

bool Deed::is_wire() const {
  constexpr auto wire = events<Account, PositionUpdate, Order, Fill, QuoteUpdate>();
  return payloads.size() == 1 && reload == nullptr && (mask_of(Event{at, 0, payloads[0]}) & wire) != 0;
}

World::World(const Example& example, std::shared_ptr<const rules::RuleSet> rules) : rules_(std::move(rules)) {
  AccountState state;
  state.id = AccountId{account_number};
  account_.id = state.id;
  engine_ = std::make_unique<rules::RiskEngine>(std::move(state), rules_);
  begin(example);
}

void World::begin(const Example& example) {
  Result result;
  const Instant at = example.start - std::chrono::seconds{1};
  for (const auto* text : usual_contracts) tell(at, learned(text), result);
  for (const auto& text : example.contracts) tell(at, learned(text), result);
  tell(at, ConnectionRestored{}, result);
  tell(at, day_of(at), result);
  if (!example.unread) tell(at + tick, read(at), result);
  if (!result.outcomes.empty()) throw std::logic_error("decided before anything happened");
}

Result World::live_through(const Deed& deed) {
  Result result;
  wait_until(deed.at, result);
  if (deed.reload != nullptr) {
    rules_ = deed.reload;
    engine_->use_rules(rules_);
  }
  if (own_word(deed, result)) return result;
  Instant at = deed.at;
  for (const auto& payload : deed.payloads) {
    remember(payload);
    tell(at, payload, result);
    at += tick;
  }
  return result;
}

/// Words that depend on what the world knows.
bool World::own_word(const Deed& deed, Result& result) {
  if (deed.event == "time") {
    // Only an engine that asked for it is woken.
    if (armed_ == deed.at) tell(deed.at, TimeReached{}, result);
  } else if (deed.event == "reset") {
    tell(deed.at, day_of(deed.at), result);
  } else if (deed.event == "read") {
    if (!deed.has.empty()) forget_book();
    for (const auto& payload : deed.has) remember(payload);
    tell(deed.at, read(deed.at - tick), result);
  } else if (deed.event.starts_with("placed ") || deed.event.starts_with("moved ")) {
    carry_out(deed, result);
  } else if (deed.event == "restart") {
    now_ = deed.at;
    result = restart();
  } else {
    return false;
  }
  return true;
}

/// The gateway shows the stop that was asked for, and the request is reported as done.
void World::carry_out(const Deed& deed, Result& result) {
  if (!requested_) return; // rules that only decide ask for nothing
  const OrderId id{std::stoll(deed.event.substr(deed.event.find(' ')))};
  const AutomationRequest request = *requested_;
  requested_.reset();
  Order& order = orders_[id];
  if (order.id != id) order.id = id, order.created = deed.at;
  order.account = request.account;
  order.contract = request.contract;
  order.updated = deed.at;
  order.status = OrderStatus::open;
  order.type = OrderType::stop;
  order.side = request.side;
  order.size = request.size;
  order.stop_price = request.stop_price;
  if (!request.custom_tag.empty()) order.custom_tag = request.custom_tag;
  const Order told = order;
  tell(deed.at, told, result);
  tell(deed.at + tick, AutomationReported{request.id, true, id, ""}, result);
}

Result World::hear_again(const Deed& deed) {
  Result result;
  tell(now_ + tick, deed.payloads.front(), result);
  return result;
}

void World::wait_until(Instant at, Result& result) {
  for (int wakes = 0; armed_ && *armed_ > now_ && *armed_ < at; ++wakes) {
    if (wakes == most_wakes) throw std::logic_error("asks to be woken again and again");
    Result woken;
    tell(*armed_, TimeReached{}, woken);
    result.alerts.insert(result.alerts.end(), woken.alerts.begin(), woken.alerts.end());
    for (const auto& outcome : woken.outcomes)
      result.surprises.push_back("at " + format_instant(now_, 6) + ": " + outcome);
  }
}

void World::tell(Instant at, Payload payload, Result& result) {
  now_ = std::max(now_, at);
  const Decision decision = engine_->step({at, 0, std::move(payload)});
  const bool sooner_one_stands = armed_ && decision.wake_at && *armed_ <= *decision.wake_at && *armed_ > at;
  if (decision.wake_at && !sooner_one_stands) armed_ = decision.wake_at;
  for (const auto& intent : decision.intents) issued_.insert(intent.id.value);
  if (!decision.automation.empty()) requested_ = decision.automation.back();
  for (const auto& outcome : outcomes(decision)) {
    if (outcome.starts_with("breach ")) announced_.insert(outcome);
  }
  add(result, decision);
}

Result World::restart() {
  Result result;
  auto state = persistence::decode_account_state(persistence::encoded(engine_->state()));
  if (!state) throw std::logic_error("the stored state cannot be read: " + state.error().message());
  engine_ = std::make_unique<rules::RiskEngine>(std::move(*state), rules_);
  armed_.reset();
  const auto before = issued_;
  const auto told_before = announced_;
  const Instant at = now_;
  std::vector<Payload> payloads{Restarted{}, ConnectionRestored{}, read(at + 3 * tick)};
  for (const auto& [contract, quote] : quotes_) payloads.emplace_back(quote);
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    Result told;
    tell(at + static_cast<int>(2 * i + 1) * tick, payloads[i], told);
    result.outcomes.insert(result.outcomes.end(), told.outcomes.begin(), told.outcomes.end());
  }
  std::sort(result.outcomes.begin(), result.outcomes.end());
  // What was under way goes on under its own id and is nothing new; nor is a breach told of before, since the
  // rules lost sight of it while there was no quote.
  std::erase_if(result.outcomes, [&](const std::string& text) { return told_before.contains(text); });
  if (issued_ == before)
    std::erase_if(result.outcomes, [](const std::string& text) {
      return text.starts_with("close ") || text.starts_with("reduce ") || text.starts_with("cancel ");
    });
  return result;
}

DailyReset World::day_of(Instant at) const {
  const auto& reset = rules_->reset;
  return {reset.trading_day(at), reset.last_at_or_before(at), reset.next_after(at)};
}

void World::forget_book() { positions_.clear(), orders_.clear(); }

void World::remember(const Payload& payload) {
  if (const auto* held = std::get_if<PositionUpdate>(&payload)) {
    positions_.erase(held->contract);
    if (held->size > 0) positions_.emplace(held->contract, *held);
  } else if (const auto* order = std::get_if<Order>(&payload)) {
    orders_.erase(order->id);
    if (order->live()) orders_.emplace(order->id, *order);
  } else if (const auto* fill = std::get_if<Fill>(&payload)) {
    fills_.insert_or_assign(fill->id, *fill);
  } else if (const auto* account = std::get_if<Account>(&payload)) {
    merge(account_, *account);
  } else if (const auto* quote = std::get_if<QuoteUpdate>(&payload)) {
    auto& known = quotes_[quote->contract];
    known.contract = quote->contract;
    if (quote->last) known.last = quote->last;
    if (quote->bid) known.bid = quote->bid;
    if (quote->ask) known.ask = quote->ask;
  }
}

Reconciled World::read(Instant requested) const {
  Reconciled out;
  out.requested_at = requested;
  out.account = account_;
  for (const auto& [contract, held] : positions_) out.positions.push_back(held);
  for (const auto& [id, order] : orders_) out.orders.push_back(order);
  for (const auto& [id, fill] : fills_) out.fills.push_back(fill);
  out.suspended_included = true;
  return out;
}

} // namespace bulkhead::examples
