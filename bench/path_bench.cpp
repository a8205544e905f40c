// Bytes in, bytes out, in process and without a socket: a position event that breaches, as the websocket
// hands it over, until the close request stands at the transport. First the core alone (decode, route, rules,
// enforcement, request), then with the journal in four ways, then the real actors around it, entered one
// station earlier each time. They follow each other in random order, sample by sample; only the ratios mean
// anything.

#include "actors/account_journal.hpp"
#include "actors/enforcer.hpp"
#include "actors/rehearsal.hpp"
#include "bench/directory.hpp"
#include "bench/path_house.hpp"
#include "bench/results.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/signalr/message.hpp"

#include <condition_variable>
#include <fmt/format.h>
#include <iostream>
#include <random>
#include <thread>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;
namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;

constexpr MonotonicNanos core_target = 2'000;
constexpr double durable_target = 1.1;

/// What becomes of the records before the request leaves.
enum class Durability { none, page_cache, synced_beside, synced_before };

/// The daemon's own pure parts, called one after the other.
class Core {
public:
  Core(const std::filesystem::path& directory, Durability durability) : durability_(durability) {
    model::AccountState state;
    state.id = state.account.id = unjournaled;
    state.account.can_trade = true;
    engines_[unjournaled] =
        std::make_unique<rules::RiskEngine>(std::move(state), actors::rehearsed_rules({}));
    std::unique_ptr<persistence::JournalWriter> writer;
    if (durability != Durability::none) {
      auto opened = persistence::JournalWriter::open(
          disk_, directory, unjournaled, {std::chrono::year{2026} / 7 / 15}, {}, {4 << 20, 1 << 20, true});
      model::require(opened.has_value(), "the journal of a benchmark opens");
      writer = std::make_unique<persistence::JournalWriter>(std::move(*opened));
    }
    journal_ = std::make_unique<actors::AccountJournal>(std::move(writer), 0);
    if (durability == Durability::synced_beside) {
      syncer_ = std::jthread([this](const std::stop_token& stop) { sync_beside(stop); });
    }
  }

  MonotonicNanos breach() {
    now_ += 1s;
    actors::Enforcer enforcer(unjournaled);
    const auto bytes = position_message(unjournaled, 2);
    const auto began = protocol::monotonic_now();
    const auto event = decode(bytes);
    auto& engine = *engines_.find(std::get<model::PositionUpdate>(event.payload).account)->second;
    journal_->append(event);
    const auto decision = engine.step(event);
    journal_->append(decision);
    if (durability_ == Durability::synced_before) (void)journal_->sync_handle()->sync();
    const auto actions = enforcer.on_intents({decision.intents, {}, {}, false}, event.at);
    for (const auto& action : actions) {
      const auto* send = std::get_if<actors::Enforcer::Send>(&action);
      if (send != nullptr) request_ = projectx::close_contract({{1}, {}}, unjournaled, send->contract);
    }
    const auto span = protocol::monotonic_now() - began;
    model::require(!request_.body.empty(), "a breach closes");
    request_.body.clear();
    if (syncer_.joinable()) ask_for_sync();
    flatten(engine);
    return span;
  }

private:
  model::Event decode(std::string_view bytes) {
    model::Event event;
    const auto message = parser_.parse(bytes.substr(0, bytes.size() - 1));
    const auto& call = std::get<signalr::Invocation>(*message);
    const auto take = [&](auto&& what) {
      if constexpr (std::is_same_v<std::decay_t<decltype(what)>, model::Payload>)
        event = {now_, 1, std::forward<decltype(what)>(what)};
    };
    decoder_.decode_event(call.target, call.arguments, take);
    return event;
  }

  void flatten(rules::RiskEngine& engine) {
    const auto event = decode(position_message(unjournaled, 0));
    journal_->append(event);
    journal_->append(engine.step(event));
  }

  void ask_for_sync() {
    {
      const std::lock_guard held(mutex_);
      wanted_ = true;
    }
    wake_.notify_one();
  }
  void sync_beside(const std::stop_token& stop) {
    std::unique_lock held(mutex_);
    while (wake_.wait(held, stop, [&] { return wanted_; })) {
      wanted_ = false;
      held.unlock();
      (void)journal_->sync_handle()->sync();
      held.lock();
    }
  }

  Durability durability_;
  persistence::PosixDisk disk_;
  std::map<model::AccountId, std::unique_ptr<rules::RiskEngine>> engines_;
  std::unique_ptr<actors::AccountJournal> journal_;
  model::Instant now_ = *model::parse_instant("2026-07-15T18:00:00Z");
  signalr::MessageParser parser_;
  projectx::Decoder decoder_;
  protocol::HttpRequest request_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool wanted_ = false; // guarded
  std::jthread syncer_; // the last member: it ends first
};

struct Way {
  const char* name;
  const char* compared; // with which way its cost is told
  std::function<model::Result<MonotonicNanos>()> breach;
  std::vector<Spans> spans = {}; // by repetition

  [[nodiscard]] double p50(std::size_t repetition) const {
    return static_cast<double>(percentile(spans[repetition], 0.5));
  }
  [[nodiscard]] Spans pooled() const {
    Spans out;
    for (const auto& one : spans) out.insert(out.end(), one.begin(), one.end());
    return out;
  }
};

struct Compared {
  double middle = 0, least = 1e9, most = 0;
  [[nodiscard]] std::string text() const {
    return fmt::format("{:.2f} ({:.2f}-{:.2f})", middle, least, most);
  }
};
Compared compare(const Way& of, const Way& to) {
  Compared out;
  for (std::size_t i = 0; i < of.spans.size(); ++i) {
    const auto one = of.p50(i) / to.p50(i);
    out.least = std::min(out.least, one), out.most = std::max(out.most, one);
  }
  out.middle =
      static_cast<double>(percentile(of.pooled(), 0.5)) / static_cast<double>(percentile(to.pooled(), 0.5));
  return out;
}

void report(const std::vector<Way>& ways, Results& results) {
  const auto named = [&](std::string_view name) -> const Way& {
    return *std::find_if(ways.begin(), ways.end(), [&](const auto& way) { return way.name == name; });
  };
  std::cout << fmt::format("{:<26} {:>6} {:>9} {:>9}   {:<20} {:<24} {}\n", "", "n", "p50 us", "p99 us",
                           "p50 to the core", "p50 to", "");
  for (const auto& way : ways) {
    const auto all = way.pooled();
    std::cout << fmt::format("{:<26} {:>6} {:>9.2f} {:>9.2f}   {:<20} {:<24} {}\n", way.name, all.size(),
                             micros(percentile(all, 0.5)), micros(percentile(all, 0.99)),
                             compare(way, named("core")).text(), way.compared,
                             compare(way, named(way.compared)).text());
    for (std::size_t i = 0; i < way.spans.size(); ++i) results.samples(way.name, i, way.spans[i]);
  }
  const auto p99 = percentile(named("core").pooled(), 0.99);
  results.target("the core takes <= 2 us at p99", p99 <= core_target, fmt::format("{:.2f} us", micros(p99)));
  const auto durable = compare(named("core, synced beside"), named("core, page cache"));
  results.target(fmt::format("a sync beside costs <= {:.1f}x the p50 of appending alone", durable_target),
                 durable.middle <= durable_target, durable.text());
  results.null_test(compare(named("core again"), named("core")).middle);
}

model::Result<void> measure(const RunOptions& options, Results& results,
                            const std::filesystem::path& directory) {
  auto house = PathHouse::make(directory / "house");
  if (!house) return house.error();
  Core core(directory, Durability::none), again(directory, Durability::none);
  Core cached(directory / "cached", Durability::page_cache),
      beside(directory / "beside", Durability::synced_beside),
      before(directory / "before", Durability::synced_before);
  const auto of = [](Core& one) {
    return [&one]() -> model::Result<MonotonicNanos> { return one.breach(); };
  };
  const auto through = [&](model::AccountId account, Entry entry) {
    return [&, account, entry] { return (*house)->breach(account, entry); };
  };
  std::vector<Way> ways{{"core", "core", of(core)},
                        {"core again", "core", of(again)},
                        {"core, page cache", "core", of(cached)},
                        {"core, synced beside", "core", of(beside)},
                        {"core, synced before", "core", of(before)},
                        {"account, enforcement", "core", through(unjournaled, Entry::account)},
                        {"router before them", "account, enforcement", through(unjournaled, Entry::router)},
                        {"actors", "router before them", through(unjournaled, Entry::connection)},
                        {"actors, journal", "actors", through(journaled, Entry::connection)}};
  const std::size_t samples = options.quick ? 200 : 1000, uncounted = 50;
  std::vector<Way*> order;
  for (auto& way : ways) {
    way.spans.resize(options.repetitions);
    order.push_back(&way);
  }
  std::mt19937 random(7); // NOLINT: the same order in each run
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition) {
    for (std::size_t i = 0; i < samples + uncounted; ++i) {
      std::shuffle(order.begin(), order.end(), random);
      for (auto* const next : order) {
        auto& way = *next;
        (void)way.breach(); // uncounted: whoever came before has left the caches in another state
        const auto span = way.breach();
        if (!span) return span.error().with_context(way.name);
        if (i >= uncounted) way.spans[repetition].push_back(*span);
      }
    }
  }
  report(ways, results);
  return {};
}

constexpr const char* about =
    "path in process: from the bytes of a breaching event to the close request at the transport, no sockets\n"
    "core: decode, route, rules, enforcement, request; page cache: event and decision appended before; "
    "synced beside:\n"
    "and fdatasync on another thread after; synced before: and fdatasync before the request; then the real "
    "actors on\n"
    "the real scheduler, entered at the account, at the router and at the connection (actors), and with the "
    "daemon's\n"
    "journal, whose actor syncs and commits beside (actors, journal)";

} // namespace

int main(int argc, char** argv) {
  const auto options = read_run_options(argc, argv, "path_bench", about);
  if (!options) return 2;
  Results results(*options, "path", about);
  // Beside the JSON lines and not in a temporary directory, which may be memory.
  const auto directory =
      Directory::make(options->keep, std::filesystem::absolute(options->out).parent_path());
  if (!directory) return malfunction("path_bench", directory.error());
  const auto done = measure(*options, results, directory->path());
  return done ? 0 : malfunction("path_bench", done.error());
}
