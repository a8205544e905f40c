#include "cli/demo_firm.hpp"

#include "cli/yaml_tree.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace bulkhead::cli {
namespace {

using model::AccountId;
using model::ConfigNode;
using model::Money;

const model::ContractId es{"CON.F.US.EP.U26"};
const AccountId watched{201}, alone{202};
constexpr std::int64_t opening = 5800 * 4; // ES, in ticks of 0.25
constexpr int small = 2, large = 5;        // contracts; a tick of each is $12.50

/// Beside the program as built, as installed, and where the user stands.
std::vector<std::filesystem::path> places() {
  std::error_code unknown; // without it the other places remain
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
  return {"config/profiles", program / "../../config/profiles",
          program / "../share/doc/bulkhead/examples/profiles"};
}

model::Result<std::filesystem::path> find_file(const std::string& name) {
  std::string known;
  for (const auto& place : places()) {
    std::error_code failure;
    for (const auto* ending : {".yaml", "_combine.yaml"}) {
      const auto file = place / (name + ending);
      if (name.find('/') == std::string::npos && std::filesystem::exists(file, failure)) return file;
    }
    if (!known.empty()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(place, failure))
      known += " " + entry.path().stem().string();
  }
  return model::Error{model::Errc::not_found,
                      fmt::format("no profile is called '{}'; there are:{}", name, known)};
}

std::optional<Money> amount(const ConfigNode& root, const char* rule, const char* key) {
  const ConfigNode* node = &root;
  for (const char* name : {"rules", rule, key}) {
    if (node == nullptr || node->kind != ConfigNode::Kind::map) return std::nullopt;
    node = node->find(name);
  }
  if (node == nullptr) return std::nullopt;
  const auto money = Money::parse(node->scalar);
  return money ? std::optional(money->abs()) : std::nullopt;
}

std::string price(std::int64_t ticks) { return fmt::format("{}.{:02}", ticks / 4, ticks % 4 * 25); }

/// So many ticks of so many contracts lose at least this.
std::int64_t ticks_for(Money loss, int contracts) {
  const std::int64_t tick = 12'500'000LL * contracts;
  return (loss.micros + tick - 1) / tick;
}

struct Stand {
  Money balance;
  Money open;
  int contracts = 0;
  [[nodiscard]] Money equity() const { return balance + open; }
};

std::optional<Stand> stand_of(DemoPlay& play, AccountId account) {
  const auto book = play.world().gateway().snapshot(account);
  const auto quote = play.world().gateway().quote(es);
  if (!book || !quote || !quote->last) return std::nullopt;
  Stand stand{book->account.balance, {}, 0};
  const model::TickSpec tick{*model::Price::parse("0.25"), *Money::parse("12.50")};
  for (const auto& position : book->positions) {
    stand.contracts += std::abs(position.quantity);
    stand.open +=
        tick.pnl(model::Price{quote->last->nanos - position.average_price.nanos}, position.quantity);
  }
  return stand;
}

} // namespace

model::Result<FirmDay> FirmDay::find(const std::string& name) {
  const auto file = find_file(name);
  if (!file) return file.error();
  model::Problems problems;
  const auto tree = read_yaml(*file, problems);
  if (!tree) return model::Error{model::Errc::malformed, file->string() + " cannot be read"};
  FirmDay day;
  day.file_ = *file;
  const auto* title = tree->find("title");
  day.title_ = title == nullptr ? name : title->scalar;
  const auto max_loss = amount(*tree, "max_loss_limit", "max_loss");
  if (!max_loss) return model::Error{model::Errc::malformed, file->string() + " names no max_loss"};
  day.max_loss_ = *max_loss;
  day.start_ = amount(*tree, "max_loss_limit", "start_balance").value_or(Money{});
  const auto daily = amount(*tree, "daily_realized_loss", "limit");
  day.daily_is_firms_ = daily.has_value();
  day.daily_loss_ = daily.value_or(Money{max_loss->micros / 2});
  return day;
}

DemoScript FirmDay::script(std::uint16_t control_port) const {
  DemoScript script;
  script.accounts = {watched.value, alone.value};
  script.balance = start_;
  script.watched = demo_account(watched.value, ", profile: " + file_.stem().string());
  script.profile = file_;
  const auto own =
      daily_is_firms_ ? "" : fmt::format("limit: {}, include_unrealized: true, ", to_string(daily_loss_));
  script.rules =
      fmt::format(R"(# Written by `bulkhead demo`: figures that are missing here come from the profile.
daily_reset: {{ time: "17:00", timezone: "America/Chicago" }}
rules:
  daily_realized_loss: {{ {}warn_at: [70, 90] }}
  max_loss_limit: {{ enabled: true, safety_buffer: 100 }}
alerts: {{ room: {{ dollars: [{}] }} }}
control: {{ host: "127.0.0.1", port: {} }}
)",
                  own, daily_loss_.micros / 4 / Money::per_dollar, control_port);
  return script;
}

bool FirmDay::perform(DemoPlay& play) const {
  if (!play.wait_until_ready({watched})) return false;
  play.title(fmt::format("{}: start {}, floor {}, at most {} a day", title_, to_string(start_),
                         to_string(start_ - max_loss_), to_string(daily_loss_)));
  play.title(
      fmt::format("One trader, the same trades in two accounts: {} watched by Bulkhead, {} by nobody\n",
                  watched.value, alone.value));
  return play_day(play) && compare(play);
}

bool FirmDay::play_day(DemoPlay& play) const {
  const auto both = [&](auto act) { act(watched), act(alone); };
  std::int64_t at = opening;
  play.quote(es, price(at));
  play.trader(fmt::format("buys {} ES at {}", small, price(at)));
  both([&](AccountId account) { play.buy(account, es, small); });
  DemoPlay::pause();
  at -= ticks_for(Money{daily_loss_.micros * 6 / 10}, small);
  play.quote(es, price(at));
  play.trader(fmt::format("gives up at {}: the first loss of the day", price(at)));
  both([&](AccountId account) { play.sell(account, es, small); });
  DemoPlay::pause();
  play.trader(
      fmt::format("wants it back: {} ES at {}, no stop; the market goes on falling", large, price(at)));
  both([&](AccountId account) { play.buy(account, es, large); });
  DemoPlay::pause();
  play.quote(es, price(at - ticks_for(Money{daily_loss_.micros * 3 / 10}, large)));
  DemoPlay::pause();
  at -= ticks_for(Money{daily_loss_.micros * 5 / 10}, large);
  play.quote(es, price(at));
  if (!play.proof(watched)) return false;
  play.trader(fmt::format("does not believe it and buys {} ES at {} again", large, price(at)));
  play.buy(watched, es, large);
  if (!play.proof(watched)) return false;
  at -= ticks_for(max_loss_, large);
  play.trader(fmt::format("watches ES fall to {}; where nobody closed it, the trade is still on", price(at)));
  play.quote(es, price(at));
  return true;
}

bool FirmDay::compare(DemoPlay& play) const {
  const bool stands = play.judge(watched, {0, 0, "account"});
  const auto with = stand_of(play, watched), without = stand_of(play, alone);
  if (!with || !without) return false;
  const Money floor = start_ - max_loss_;
  const auto line = [](const char* what, const std::string& a, const std::string& b) {
    std::cout << fmt::format("    {:<22}{:>18}{:>18}\n", what, a, b);
  };
  const auto verdict = [&](const Stand& stand) {
    return std::string(stand.equity() > floor ? "ALIVE" : "LOST");
  };
  line("", "with Bulkhead", "without");
  line("balance", to_string(with->balance), to_string(without->balance));
  line("contracts held", std::to_string(with->contracts), std::to_string(without->contracts));
  line("open profit", to_string(with->open), to_string(without->open));
  line("equity", to_string(with->equity()), to_string(without->equity()));
  line("the firm's floor", to_string(floor), to_string(floor));
  line("the account is", verdict(*with), verdict(*without));
  std::cout << fmt::format("\n    Bulkhead kept {} in the account, and the account.\n\n",
                           to_string(with->equity() - without->equity()));
  return stands && with->equity() > floor && with->contracts == 0;
}

} // namespace bulkhead::cli
