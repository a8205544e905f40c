#include "cli/demo_command.hpp"

#include "cli/config_loader.hpp"
#include "cli/demo_timeline.hpp"
#include "cli/demo_world.hpp"
#include "cli/exit_codes.hpp"
#include "cli/signals.hpp"
#include "cli/status_command.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace bulkhead::cli {
namespace {

using model::AccountId;
using model::ContractId;
using namespace std::chrono_literals;

constexpr auto step_takes_at_most = 10s;
constexpr std::uint16_t default_control_port = 4750;
const AccountId combine{101};
const AccountId funded{102};
const AccountId practice{103};
const ContractId mnq{"CON.F.US.MNQ.U26"};
const ContractId es{"CON.F.US.EP.U26"};

/// The scripted trader, and the judge of how each act of the play ended.
class Play {
public:
  explicit Play(DemoWorld& world) : world_(world) {
    world_.daemon().subscribe([this](const actors::Activity& activity) { timeline_.add(activity); });
  }

  bool wait_until_ready() {
    for (const auto account : {combine, funded, practice}) {
      if (!timeline_.wait_for(0, 20s, alert_of(account, "ready")))
        return fail("an account did not become ready");
    }
    std::cout << "three accounts ready at " << world_.gateway_url() << " (TLS, certificate verified)\n\n";
    return true;
  }

  void set_quotes() {
    quote(mnq, "21000.25", "21000.00", "21000.25");
    quote(es, "5800.00", "5799.75", "5800.00");
  }

  bool too_many_contracts() {
    title("Account 101 breaches RULE-001 MaxContracts (limit 5)");
    trader("buys 3 MNQ, then 3 ES, and leaves a limit order for 1 ES in the market");
    buy(combine, mnq, 3);
    rest_order(combine);
    pause();
    const auto from = timeline_.size();
    buy(combine, es, 3);
    return story(combine, from) && expect_flat_and_locked(combine, "account");
  }

  bool too_much_of_one() {
    title("Account 102 breaches RULE-002 MaxContractsPerInstrument (MNQ: 2)");
    trader("buys 3 MNQ");
    auto from = timeline_.size();
    buy(funded, mnq, 3);
    if (!story(funded, from)) return false;
    trader("does not believe it and buys 1 MNQ again");
    from = timeline_.size();
    buy(funded, mnq, 1);
    return story(funded, from) && expect_flat_and_locked(funded, "symbol:MNQ");
  }

  bool too_large_a_loss() {
    title("Account 103 breaches RULE-003 DailyRealizedLoss (limit 500 net)");
    trader("holds 1 ES, loses 355.00 on MNQ, then 150.00 more");
    const auto before = timeline_.size();
    buy(practice, es, 1);
    pause();
    lose(practice, "-355.00");
    (void)timeline_.wait_for(before, step_takes_at_most, [](const actors::Activity& a) {
      const auto* decision = std::get_if<model::Decision>(&a.what);
      return a.account == practice && decision != nullptr && !decision->alerts.empty();
    });
    print_story(std::cout, timeline_.of(practice, before, timeline_.size()), world_.zone());
    pause();
    const auto from = timeline_.size();
    lose(practice, "-150.00");
    return story(practice, from) && expect_flat_and_locked(practice, "account");
  }

private:
  static bool fail(const std::string& why) {
    std::cout << "    FAILED    " << why << '\n';
    return false;
  }
  static void title(const std::string& text) { std::cout << text << '\n'; }
  static void trader(const std::string& text) { std::cout << fmt::format("    {:<10}{}\n", "trader", text); }

  void quote(const ContractId& contract, const char* last, const char* bid, const char* ask) {
    model::QuoteUpdate update;
    update.contract = contract;
    update.last = *model::Price::parse(last);
    update.bid = *model::Price::parse(bid);
    update.ask = *model::Price::parse(ask);
    (void)world_.gateway().set_quote(update);
  }
  /// A trader needs a moment between two clicks; meanwhile the lanes grow with the book.
  static void pause() { (void)wait_for_signal(300ms); }
  void buy(AccountId account, const ContractId& contract, std::int32_t size) {
    (void)world_.gateway().trade({account, contract, model::Side::buy, size, {}, {}, {}});
  }
  void rest_order(AccountId account) {
    simulator::PlaceRequest order;
    order.account = account;
    order.contract = es;
    order.type = model::OrderType::limit;
    order.size = 1;
    order.limit_price = *model::Price::parse("5700.00");
    (void)world_.gateway().place_order(order);
  }
  /// A round trip in MNQ that ends with exactly this gross result.
  void lose(AccountId account, const char* pnl) {
    buy(account, mnq, 1);
    simulator::TradeScript close{account, mnq, model::Side::sell, 1, {}, {}, {}};
    close.pnl = *model::Money::parse(pnl);
    (void)world_.gateway().trade(close);
  }

  /// Waits for the proof and tells what happened on the way to it.
  bool story(AccountId account, std::size_t from) {
    const auto proof = timeline_.wait_for(from, step_takes_at_most, certificate_of(account));
    // The lockout is told once it is on disk, which may be a moment after the proof.
    (void)timeline_.wait_for(from, 1s, [account](const actors::Activity& a) {
      return a.account == account && std::holds_alternative<model::Decision>(a.what);
    });
    print_story(std::cout, timeline_.of(account, from, timeline_.size()), world_.zone());
    return proof ? true : fail("no proof of flat in time");
  }

  bool expect_flat_and_locked(AccountId account, const std::string& scope) {
    const auto truth = world_.gateway().snapshot(account);
    const auto status = world_.daemon().status();
    if (!truth || !status) return fail("gateway or daemon did not answer");
    const auto open = std::count_if(truth->positions.begin(), truth->positions.end(),
                                    [](const auto& position) { return position.quantity != 0; });
    const auto live = std::count_if(truth->orders.begin(), truth->orders.end(),
                                    [](const auto& row) { return row.order.live(); });
    const auto view = std::find_if(status->accounts.begin(), status->accounts.end(),
                                   [&](const auto& a) { return a.account_id == account.value; });
    if (view == status->accounts.end()) return fail("the daemon does not show the account");
    const bool locked = std::any_of(view->lockouts.begin(), view->lockouts.end(),
                                    [&](const auto& row) { return row.scope == scope; });
    std::cout << fmt::format("    {:<10}gateway book: {} open positions, {} live orders; {} locked: {}\n\n",
                             "judge", open, live, scope, locked ? "yes" : "NO");
    return open == 0 && live == 0 && locked;
  }

  DemoWorld& world_;
  DemoTimeline timeline_;
};

void hold() {
  std::cout << "\nholding: build/release/bulkhead status works from another terminal; Ctrl-C ends it\n"
            << std::flush;
  while (wait_for_signal(1s) != Signal::terminate) {
  }
}

} // namespace

int demo_command(const DemoCommand& command) {
  block_signals();
  if (!time_zones_present()) {
    std::cerr << "no time zone database on this machine: install the package tzdata\n";
    return exit_failed;
  }
  auto world = DemoWorld::make(command.hold ? default_control_port : 0);
  if (!world) {
    std::cerr << world.error().message() << '\n';
    return exit_failed;
  }
  Play play(**world);
  if (!play.wait_until_ready()) return exit_failed;
  play.set_quotes();
  bool good = play.too_many_contracts();
  good = play.too_much_of_one() && good;
  good = play.too_large_a_loss() && good;
  NodeOptions node;
  node.node = fmt::format("127.0.0.1:{}", (*world)->daemon().control_port());
  const bool answered = status_command(node, std::cout) == exit_ok;
  std::cout << (good ? "\nevery account ended as its rules demand\n" : "\nFAILED: see above\n");
  if (command.hold) hold();
  (*world)->daemon().stop(); // before the timeline it reports to is gone
  return good && answered ? exit_ok : exit_failed;
}

} // namespace bulkhead::cli
