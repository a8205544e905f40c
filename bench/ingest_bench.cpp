// How many frames the daemon takes in: user events, quotes, and 1 user event to 20 quotes, sent through real
// sockets as fast as they are taken, and behind them one that breaches; the time ends with its close. The
// single-thread Beast client, which reads the same frames and does nothing but look for the breach, is
// measured in turn. The journal then tells whether a user event was lost.

#include "bench/fleet.hpp"
#include "bench/peers/peers.hpp"
#include "bench/results.hpp"
#include "persistence/codec.hpp"
#include "persistence/journal_reader.hpp"

#include <fmt/format.h>
#include <functional>
#include <iostream>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr std::size_t frames_per_write = 20;
constexpr std::size_t quotes_per_user_event = 20;
constexpr double calm_price = 24873.25, breaching_price = 24000;
constexpr double target = 0.5;
constexpr auto past_the_fills = 2500ms;
constexpr const char* risk_yaml =
    "rules:\n  max_contracts: { limit: 1, count_type: net, close_all: true }\n"
    "  daily_unrealized_loss: { scope: total, loss_limit: 300, action: CLOSE_ALL_POSITIONS }\n";

struct Load {
  const char* name;
  std::size_t user_events;
  std::size_t quotes;
};

class Ingest {
public:
  explicit Ingest(Fleet& fleet) : fleet_(fleet) {}

  /// Opens the market hub and leaves the daemon with a position of one contract and a calm price, past the
  /// two seconds in which a fill might still be told of and every quote counts.
  model::Result<void> begin() {
    tell(1);
    auto waited =
        fleet_.serve_until("no market hub", 10s, false, [&] { return account().market_subscriptions > 0; });
    fleet_.serve_for(past_the_fills);
    return waited;
  }

  model::Result<MonotonicNanos> beast(const Load& load) {
    const auto& peer = fleet_.beast();
    const auto spent = timed(
        peer, load, [&](std::string_view frames) { return fleet_.stub().push_user(peer, frames); },
        [&] { return fleet_.stub().tell_position(peer, 2); });
    if (spent && !fleet_.stub().tell_position(peer, 0)) return gone();
    fleet_.serve_for(20ms);
    return spent;
  }

  model::Result<MonotonicNanos> daemon(const Load& load) {
    const auto breach = [&] {
      if (load.quotes == 0) return tell(2);
      return fleet_.stub().push_market(account(), StubGateway::quote_frame(breaching_price));
    };
    const auto reads = account().order_reads;
    const auto spent = timed(
        account(), load,
        [&](std::string_view frames) { return fleet_.stub().push_market(account(), frames); }, breach);
    told_ += load.user_events;
    if (!spent) return spent;
    auto proven =
        fleet_.serve_until("no proof of the close", 5s, false, [&] { return account().order_reads > reads; });
    if (!proven) return proven.error();
    tell(0);
    fleet_.serve_for(100ms);
    if (!fleet_.stub().push_market(account(), StubGateway::quote_frame(calm_price))) return gone();
    tell(1);
    fleet_.serve_for(past_the_fills);
    return spent;
  }

  struct Kept {
    std::size_t in_journal = 0; // user events
    std::size_t no_room = 0;    // records, of user events or others, that the journal says it could not take
  };
  model::Result<Kept> kept() const {
    persistence::PosixDisk disk;
    const model::AccountId id{account().id};
    auto reader = persistence::JournalReader::open(
        disk, fleet_.directory() / "data" / "journal" / std::to_string(id.value), id);
    if (!reader) return reader.error();
    Kept out;
    persistence::JournalRecord record;
    for (auto more = reader->next(record);; more = reader->next(record)) {
      if (!more) return more.error();
      if (!*more) break;
      if (record.payload.starts_with(persistence::gap_note_prefix))
        out.no_room += std::strtoul(record.payload.data() + persistence::gap_note_prefix.size(), nullptr, 10);
      if (record.kind != persistence::RecordKind::event) continue;
      const auto event = persistence::decode_event(record.payload);
      if (event && std::holds_alternative<model::PositionUpdate>(event->payload)) ++out.in_journal;
    }
    return out;
  }
  [[nodiscard]] std::size_t told() const noexcept { return told_; }

private:
  using Push = std::function<bool(std::string_view)>;
  [[nodiscard]] const StubAccount& account() const { return *fleet_.accounts().front(); }
  static model::Error gone() { return {model::Errc::io, "a hub is gone"}; }
  bool tell(int size) {
    ++told_;
    return fleet_.stub().tell_position(account(), size);
  }

  /// From the first byte to the close that the last frame causes.
  model::Result<MonotonicNanos> timed(const StubAccount& to, const Load& load, const Push& push_quotes,
                                      const std::function<bool()>& breach) {
    std::string user, quotes;
    for (std::size_t i = 0; i < frames_per_write; ++i) {
      user += StubGateway::position_frame(to, 1);
      quotes += StubGateway::quote_frame(calm_price + 0.25 * static_cast<double>(i % 8), i);
    }
    const auto one = StubGateway::position_frame(to, 1);
    const int closes = to.closes;
    const auto began = protocol::monotonic_now();
    bool sent = true;
    const auto writes = std::max(load.quotes, load.user_events) / frames_per_write;
    static_assert(frames_per_write == quotes_per_user_event,
                  "a mixed load sends one user event with each write");
    for (std::size_t i = 0; sent && i < writes; ++i) {
      if (load.user_events > 0) sent = fleet_.stub().push_user(to, load.quotes > 0 ? one : user);
      if (load.quotes > 0) sent = sent && push_quotes(quotes);
      fleet_.stub().turn(0ms);
    }
    if (!sent || !breach()) return gone();
    auto closed =
        fleet_.serve_until("no close after the last frame", 60s, true, [&] { return to.closes > closes; });
    if (!closed) return closed.error();
    return to.close_at - began;
  }

  Fleet& fleet_;
  std::size_t told_ = 0;
};

struct Rates {
  std::vector<double> beast, null, daemon; // frames in a second, by repetition
};

/// Beast client, daemon, Beast client again, by turns.
model::Result<Rates> take(Ingest& ingest, const Load& load, const RunOptions& options, Results& results) {
  Rates rates;
  const auto frames = static_cast<double>(load.user_events + load.quotes);
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    for (const auto& [variant, of] :
         {std::pair{"beast", &rates.beast}, {"daemon", &rates.daemon}, {"null", &rates.null}}) {
      const auto spent = of == &rates.daemon ? ingest.daemon(load) : ingest.beast(load);
      if (!spent) return spent.error();
      of->push_back(frames * 1e9 / static_cast<double>(*spent));
      results.figure(variant, "frames_per_second", of->back(), i, fmt::format(R"("load":"{}",)", load.name));
    }
  }
  return rates;
}

/// The null ratio of this load.
double report(const Load& load, const Rates& rates, Results& results) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < rates.daemon.size(); ++i)
    ratios.push_back(rates.daemon[i] * 2 / (rates.beast[i] + rates.null[i]));
  const auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
  const auto null = median(rates.null) / median(rates.beast);
  std::cout << fmt::format("{:<12} {:>8} {:>12.0f} {:>12.0f}   {:<18} {:.2f}\n", load.name,
                           load.user_events + load.quotes, median(rates.beast), median(rates.daemon),
                           fmt::format("{:.2f} ({:.2f}-{:.2f})", median(ratios), *least, *most), null);
  results.target(fmt::format("ingest of {} >= {:.1f}x the Beast client's frames/s", load.name, target),
                 median(ratios) >= target, fmt::format("{:.2f}", median(ratios)));
  return null;
}

model::Result<void> measure(const RunOptions& options, Results& results) {
  const std::size_t scale = options.quick ? 1 : 4;
  const Load loads[] = {{"user events", 20'000 * scale, 0},
                        {"quotes", 0, 40'000 * scale},
                        {"mixed 1:20", 2'000 * scale, 40'000 * scale}};
  auto fleet = Fleet::make(options, {.risk_yaml = risk_yaml, .beast = true});
  if (!fleet) return fleet.error();
  Ingest ingest(**fleet);
  if (auto begun = ingest.begin(); !begun) return begun;
  std::cout << fmt::format("{:<12} {:>8} {:>12} {:>12}   {:<18} {}\n", "load", "frames", "Beast /s",
                           "daemon /s", "daemon / Beast", "null");
  std::vector<double> nulls;
  for (const auto& load : loads) {
    const auto rates = take(ingest, load, options, results);
    if (!rates) return rates.error();
    nulls.push_back(report(load, *rates, results));
  }
  (*fleet)->serve_for(300ms);
  const auto kept = ingest.kept();
  if (!kept) return kept.error();
  results.target("no user event undecided", kept->in_journal + kept->no_room >= ingest.told(),
                 fmt::format("{} of {} in the journal, which had no room for {} records", kept->in_journal,
                             ingest.told(), kept->no_room));
  results.target("every user event in the journal", kept->in_journal == ingest.told(),
                 fmt::format("{} missing", ingest.told() - kept->in_journal));
  results.null_test(median(nulls));
  return {};
}

constexpr const char* about =
    "ingest: frames through TLS sockets, 20 to a write, until the close that the last one causes;\n"
    "the Beast client reads everything on one connection, the daemon user events and quotes on its two "
    "hubs;\n"
    "quotes may overtake each other in the daemon (the latest of a contract counts), user events may not";

} // namespace

int main(int argc, char** argv) {
  if (argc == 6 && std::string_view(argv[1]) == "peer-beast")
    return run_beast_peer(
        {static_cast<std::uint16_t>(std::stoi(argv[2])), std::stoll(argv[3]), argv[4], argv[5]});
  const auto options = read_run_options(argc, argv, "ingest_bench", about);
  if (!options) return 2;
  Results results(*options, "ingest", about);
  if (auto pinned = stay_on_core(options->stub_core); !pinned)
    return malfunction("ingest_bench", pinned.error());
  if (auto done = measure(*options, results); !done) return malfunction("ingest_bench", done.error());
  return 0;
}
