#include "actors/rehearsal.hpp"

#include "actors/account.hpp"
#include "actors/account_journal.hpp"
#include "actors/event_router.hpp"
#include "protocol/projectx/names.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

namespace projectx = protocol::projectx;
using model::Event;

const model::AccountId nobody{9'007'199'254'740'991}; // no gateway counts that far
const model::CredentialId no_credential{"rehearsal"};
constexpr std::string_view breach =
    R"([{"action":1,"data":{"id":1,"accountId":9007199254740991,"contractId":"CON.F.US.MNQ.Z25","contractDisplayName":"MNQZ5",)"
    R"("creationTimestamp":"2025-11-20T14:30:00.1234567+00:00","type":1,"size":2,"averagePrice":24873.25}}])";

class Nowhere final : public protocol::RestTransport {
public:
  explicit Nowhere(std::function<void(const protocol::HttpRequest&)> told) : told_(std::move(told)) {}
  /// Nobody waits for the answer: the account that asked is gone before the next rehearsal.
  void send(protocol::HttpRequest request, OnReply) override {
    if (told_) told_(request);
  }
  void set_lane_width(protocol::LaneId, std::size_t) override {}
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId) const override { return 0; }
  void close() override {}

private:
  std::function<void(const protocol::HttpRequest&)> told_;
};

/// What a sender must not outlive. A fresh one each time, so that no budget is ever used up.
struct Stage {
  explicit Stage(const RehearsalDeps& deps) : transport(deps.on_request), clock(deps.clock) {
    sender.set_token("rehearsal", 1);
  }
  Nowhere transport;
  std::shared_ptr<Clock> clock;
  GatewaySender sender{transport, *clock};
};

void end(const account_actor& account) {
  if (account) caf::anon_send_exit(account, caf::exit_reason::user_shutdown);
}

class Player {
public:
  using Self = rehearsal_actor::stateful_pointer<RehearsalState>;

  Player(Self self, RehearsalDeps deps) : self_(self), deps_(std::move(deps)) {
    self_->state.router = self_->spawn<caf::linked>(event_router, std::shared_ptr<const Clock>(deps_.clock),
                                                    std::vector<persistence::CachedContract>{});
    self_->delayed_send(self_, deps_.every, TimerCame{});
  }

  void play() {
    begin_anew();
    HubEventsReceived heard;
    const auto now = deps_.clock->now();
    const auto take = [&](auto&& what) {
      if constexpr (std::is_same_v<std::decay_t<decltype(what)>, model::Payload>)
        heard.events.push_back({now, deps_.clock->monotonic(), std::forward<decltype(what)>(what)});
    };
    self_->state.decoder.decode_event(projectx::target(projectx::HubEvent::position), breach, take);
    self_->send(self_->state.router, std::move(heard));
    self_->delayed_send(self_, deps_.every, TimerCame{});
  }

private:
  void begin_anew() {
    auto& account = self_->state.account;
    end(account);
    const auto stage = std::make_shared<Stage>(deps_);
    model::AccountState state;
    state.id = state.account.id = nobody;
    state.account.can_trade = true;
    AccountDeps deps;
    deps.clock = deps_.clock;
    deps.sender = {stage, &stage->sender};
    deps.router = self_->state.router;
    // No handle for the others: what is sent to them is not sent.
    account =
        self_->spawn(actors::account,
                     RecoveredAccount{nobody,
                                      std::make_shared<rules::RiskEngine>(std::move(state), deps_.rules),
                                      std::make_shared<AccountJournal>(nullptr, 0),
                                      {}},
                     std::move(deps));
    self_->send(self_->state.router, AccountStarted{nobody, no_credential, account});
  }

  Self self_;
  RehearsalDeps deps_;
};

} // namespace

RehearsalState::~RehearsalState() { end(account); }

std::shared_ptr<const rules::RuleSet> rehearsed_rules(model::Config config) {
  model::RuleBlock block{"max_contracts", 99, {}};
  block.settings.kind = model::ConfigNode::Kind::map;
  for (const auto& [key, value] : {std::pair{"limit", "1"}, std::pair{"close_all", "true"}}) {
    model::ConfigNode node;
    node.kind = model::ConfigNode::Kind::scalar;
    node.scalar = value;
    block.settings.entries.emplace_back(key, std::move(node));
  }
  config.rules.push_back(std::move(block));
  model::Problems told_by_the_loader;
  return rules::make_rule_set(config, told_by_the_loader);
}

rehearsal_actor::behavior_type rehearsal(Player::Self self, RehearsalDeps deps) {
  const auto player = std::make_shared<Player>(self, std::move(deps));
  return {[=](const TimerCame&) { player->play(); }};
}

} // namespace bulkhead::actors
