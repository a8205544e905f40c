#include "actors/rehearsal.hpp"

#include "actors/account.hpp"
#include "actors/account_journal.hpp"
#include "actors/event_router.hpp"
#include "protocol/projectx/names.hpp"
#include "protocol/signalr/framing.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;
using model::Event;

const model::AccountId nobody{9'007'199'254'740'991}; // no gateway counts that far
const model::CredentialId no_credential{"rehearsal"};
// An account closes only what it has heard of since its start, and this one starts while the frame is read.
constexpr auto surely_begun = std::chrono::seconds{1};
constexpr std::string_view breach =
    R"([{"action":1,"data":{"id":1,"accountId":9007199254740991,"contractId":"CON.F.US.MNQ.Z25","contractDisplayName":"MNQZ5",)"
    R"("creationTimestamp":"2025-11-20T14:30:00.1234567+00:00","type":1,"size":2,"averagePrice":24873.25}}])";

/// A file whose bytes are gone.
class NoFile final : public persistence::File {
public:
  model::Result<std::size_t> pwrite(std::string_view bytes, std::uint64_t) override { return bytes.size(); }
  model::Result<std::string> pread(std::uint64_t, std::size_t) override { return std::string{}; }
  model::Result<void> sync() override { return {}; }
  model::Result<std::uint64_t> size() override { return std::uint64_t{0}; }
  model::Result<void> truncate(std::uint64_t) override { return {}; }
  model::Result<void> allocate(std::uint64_t) override { return {}; }
};

class NoDisk final : public persistence::Disk {
public:
  model::Result<std::shared_ptr<persistence::File>> open(const std::filesystem::path&,
                                                         persistence::OpenMode) override {
    return std::shared_ptr<persistence::File>(std::make_shared<NoFile>());
  }
  model::Result<void> remove(const std::filesystem::path&) override { return {}; }
  model::Result<void> make_directory(const std::filesystem::path&) override { return {}; }
  model::Result<void> sync_directory(const std::filesystem::path&) override { return {}; }
};

class Nowhere final : public protocol::RestTransport {
public:
  explicit Nowhere(const RehearsalDeps& deps) : tls_(deps.tls), told_(deps.on_request) {}
  /// Nobody waits for the answer: the account that asked is gone before the next rehearsal.
  void send(protocol::HttpRequest request, OnReply) override {
    const auto wire = writer_.to_wire(request);
    if (!wire) return;
    const auto said = tls_ ? tls_->say(*wire) : std::string_view(*wire);
    if (told_) told_(said);
  }
  void set_lane_width(protocol::LaneId, std::size_t) override {}
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId) const override { return 0; }
  void close() override {}

private:
  std::shared_ptr<protocol::net::TlsLoop> tls_;
  std::function<void(std::string_view)> told_;
  protocol::net::RequestWriter writer_{{true, "gateway"}};
};

/// What the account that rehearses must not outlive. A fresh one each time, so that no budget is ever used
/// up.
struct Stage {
  explicit Stage(const RehearsalDeps& deps)
      : transport(deps), clock(deps.clock), journal(writer(deps.rules->reset.trading_day(clock->now())), 0) {
    sender.set_token("rehearsal", 1);
  }
  [[nodiscard]] std::unique_ptr<persistence::JournalWriter> writer(model::TradingDay day) {
    auto made = persistence::JournalWriter::open_in_memory(disk, "rehearsal", nobody, day, {});
    made.provide_segment({made.wanted(), "rehearsal", std::make_shared<NoFile>(),
                          persistence::JournalOptions{}.segment_bytes});
    return std::make_unique<persistence::JournalWriter>(std::move(made));
  }
  Nowhere transport;
  NoDisk disk;
  std::shared_ptr<Clock> clock;
  AccountJournal journal;
  GatewaySender sender{transport, *clock};
};

void end(const account_actor& account) {
  if (account) caf::anon_send_exit(account, caf::exit_reason::user_shutdown);
}

class Player {
public:
  using Self = rehearsal_actor::stateful_pointer<RehearsalState>;

  Player(Self self, RehearsalDeps deps) : self_(self), deps_(std::move(deps)) {
    self_->state.router =
        self_->spawn<caf::linked>(event_router, std::shared_ptr<const Clock>(deps_.clock),
                                  std::vector<persistence::CachedContract>{}, std::make_shared<QuoteBoard>());
    self_->delayed_send(self_, deps_.every, TimerCame{});
  }

  void play() {
    begin_anew();
    HubEventsReceived heard;
    const auto then = deps_.clock->now() + surely_begun;
    const auto take = [&](auto&& what) {
      if constexpr (std::is_same_v<std::decay_t<decltype(what)>, model::Payload>)
        heard.events.push_back({then, deps_.clock->monotonic(), std::forward<decltype(what)>(what)});
    };
    const auto frame = deps_.tls ? deps_.tls->hear(frame_) : std::string_view(frame_);
    const auto message = self_->state.parser.parse(frame.substr(0, frame.find(signalr::record_separator)));
    const auto* event = message ? std::get_if<signalr::Invocation>(&*message) : nullptr;
    if (event != nullptr) self_->state.decoder.decode_event(event->target, event->arguments, take);
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
                                      std::shared_ptr<AccountJournal>(stage, &stage->journal),
                                      {}},
                     std::move(deps));
    self_->send(self_->state.router, AccountStarted{nobody, no_credential, account});
  }

  Self self_;
  RehearsalDeps deps_;
  const std::string frame_ =
      signalr::encode_invocation(projectx::target(projectx::HubEvent::position), breach);
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
