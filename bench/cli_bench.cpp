// What the command line costs the daemon, and what it gets: the time of a `status` over all accounts while
// 10,000 quotes flow in every second, and the time from a breach to its close while somebody asks, sample by
// sample in turn with nobody asking. "null" is nobody asking once more: what it differs by is the noise of
// this machine.

#include "bench/breaches.hpp"
#include "bench/machine.hpp"
#include "bench/status_client.hpp"

#include <fmt/format.h>
#include <fstream>
#include <getopt.h>
#include <iostream>
#include <random>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr std::size_t quotes_per_ms = 10;
constexpr std::size_t counted_per_credential = samples_per_credential - 1; // the first one of each is not
constexpr MonotonicNanos status_target = 5'000'000;
constexpr double target_beyond_null = 1.1;

struct Plan {
  Options options;
  std::size_t samples = 250; // per way and repetition
  std::size_t asks = 2000;
};

/// What else happens during a breach.
struct Way {
  const char* name;
  std::chrono::milliseconds ask_every;
  std::vector<Spans> spans; // by repetition
};
std::vector<Way> ways() {
  return {{"alone", StatusClient::rests, {}},
          {"null", StatusClient::rests, {}},
          {"asked", 50ms, {}},
          {"hammered", 0ms, {}}};
}

double micros(MonotonicNanos span) { return static_cast<double>(span) / 1000.0; }

Spans pooled(const Way& way) {
  Spans out;
  for (const auto& repetition : way.spans) out.insert(out.end(), repetition.begin(), repetition.end());
  return out;
}

double p99_ratio(const Spans& of, const Spans& to) {
  return static_cast<double>(percentile(of, 0.99)) / static_cast<double>(percentile(to, 0.99));
}

/// The tail of `of` by that of `to`: pooled, with the extremes of the repetitions.
std::string ratio_text(const Way& of, const Way& to) {
  double least = 1e9, most = 0;
  for (std::size_t i = 0; i < of.spans.size(); ++i) {
    const double one = p99_ratio(of.spans[i], to.spans[i]);
    least = std::min(least, one), most = std::max(most, one);
  }
  return fmt::format("{:.2f} ({:.2f}-{:.2f})", p99_ratio(pooled(of), pooled(to)), least, most);
}

model::Result<Spans> ask(const Plan& plan, World& world, Breaches& breaches, StatusClient& client) {
  if (auto account = breaches.credential(); !account) return account.error();
  if (auto before = client.take(); !before) return before;
  client.ask_every(5ms);
  Spans out;
  while (out.size() < plan.asks) {
    world.stub().keep_alive();
    breaches.pause({200'000'000, true, quotes_per_ms});
    auto more = client.take();
    if (!more) return more;
    out.insert(out.end(), more->begin(), more->end());
  }
  client.ask_every(StatusClient::rests);
  return out;
}

model::Result<void> breach(const Plan& plan, World& world, Breaches& breaches, StatusClient& client,
                           std::vector<Way>& all) {
  std::mt19937 random(7); // NOLINT: the same pauses in each run
  std::uniform_int_distribution<MonotonicNanos> pause(5'000'000, 45'000'000);
  for (auto& way : all) way.spans.resize(plan.options.repetitions);
  for (std::size_t repetition = 0; repetition < plan.options.repetitions; ++repetition) {
    for (std::size_t i = 0; i < plan.samples; ++i) {
      for (std::size_t turn = 0; turn < all.size(); ++turn) {
        auto& way = all[(turn + i) % all.size()];
        world.stub().keep_alive();
        if (auto account = breaches.credential(); !account) return account.error();
        client.ask_every(way.ask_every);
        breaches.pause({pause(random), true, quotes_per_ms});
        const auto span = breaches.sample(Variant::daemon);
        if (!span) return span.error();
        way.spans[repetition].push_back(*span);
      }
    }
  }
  client.ask_every(StatusClient::rests);
  return {};
}

std::string report(const Spans& status, const std::vector<Way>& all, std::size_t accounts) {
  const auto p99 = percentile(status, 0.99);
  auto out =
      fmt::format("status of {} accounts at {} quotes/s, n={}: p50 {:.0f} us, p99 {:.0f} us, max {:.0f} us; "
                  "target p99 <= {:.0f} us: {}\n\nbreach to close at {} quotes/s\n{:<9} {:>6} {:>8} {:>8}   "
                  "p99 to alone (min-max)\n",
                  accounts, quotes_per_ms * 1000, status.size(), micros(percentile(status, 0.5)), micros(p99),
                  micros(percentile(status, 1.0)), micros(status_target),
                  p99 <= status_target ? "met" : "NOT met", quotes_per_ms * 1000, "", "n", "p50", "p99");
  for (const auto& way : all) {
    const auto spans = pooled(way);
    out += fmt::format("{:<9} {:>6} {:>8.1f} {:>8.1f}   {}\n", way.name, spans.size(),
                       micros(percentile(spans, 0.5)), micros(percentile(spans, 0.99)),
                       ratio_text(way, all.front()));
  }
  const auto null = p99_ratio(pooled(all[1]), pooled(all[0]));
  const auto spread = std::max(null, 1 / null);
  const auto asked = p99_ratio(pooled(all[2]), pooled(all[0]));
  return out + fmt::format("asked: a status every 50 ms; hammered: the next one at once\n"
                           "target: asked p99 <= {:.1f} x null spread ({:.2f}): {} ({:.2f})\n",
                           target_beyond_null, spread,
                           asked <= target_beyond_null * spread ? "met" : "NOT met", asked);
}

void append_json(const Plan& plan, const Spans& status, const std::vector<Way>& all) {
  std::filesystem::create_directories(plan.options.out.parent_path());
  std::ofstream out(plan.options.out, std::ios::app);
  const auto line = [&](const char* what, const Spans& spans) {
    out << fmt::format(
               R"({{"bench":"cli_bench","what":"{}","samples":{},"p50_ns":{},"p99_ns":{},"buckets_ns":{}}})",
               what, spans.size(), percentile(spans, 0.5), percentile(spans, 0.99), histogram_json(spans))
        << '\n';
  };
  line("status", status);
  for (const auto& way : all) line(way.name, pooled(way));
}

model::Result<void> measure(const Plan& plan) {
  auto all = ways();
  const auto breaches_wanted = all.size() * plan.samples * plan.options.repetitions;
  const auto credentials = breaches_wanted / counted_per_credential + 3;
  auto world = World::make(plan.options, credentials);
  if (!world) return world.error();
  const auto port = (*world)->control_port();
  if (!port) return port.error();
  auto client =
      StatusClient::connect({.node = fmt::format("127.0.0.1:{}", *port), .data_dir = (*world)->data()});
  if (!client) return (*world)->with_daemon_words(client.error());
  if (auto pinned = stay_on_core(plan.options.stub_core); !pinned) return pinned;
  const auto before = read_load();
  Breaches breaches(**world);
  const auto status = ask(plan, **world, breaches, **client);
  if (!status) return (*world)->with_daemon_words(status.error());
  if (auto done = breach(plan, **world, breaches, **client, all); !done)
    return (*world)->with_daemon_words(done.error());
  std::cout << machine_text() << fmt::format("\nsteal {:.1f} %\n", 100 * steal_share(before, read_load()))
            << report(*status, all, credentials) << "JSON lines: " << plan.options.out.string() << '\n';
  append_json(plan, *status, all);
  return {};
}

constexpr std::string_view usage = R"(usage: cli_bench [OPTIONS]
A status while quotes flow in, and a breach while somebody asks. Only the ratios mean anything.
  --daemon FILE     the bulkhead binary (default: the one beside this program)
  --out FILE        JSON lines are appended here (default: bench-results/cli_bench.jsonl beside it)
  --asks N          how often status is asked (2000)
  --samples N       breaches per way and repetition (250)
  --repetitions N   (3)
  --keep            leave the temporary directory behind
)";

bool read_options(int argc, char** argv, Plan& plan) {
  auto& options = plan.options;
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  options.daemon = here / "bulkhead";
  options.out = here / "bench-results" / "cli_bench.jsonl";
  options.peers = false;
  options.peer_core = -1;
  const option known[] = {{"daemon", required_argument, nullptr, 'd'},
                          {"out", required_argument, nullptr, 'o'},
                          {"asks", required_argument, nullptr, 'a'},
                          {"samples", required_argument, nullptr, 's'},
                          {"repetitions", required_argument, nullptr, 'r'},
                          {"keep", no_argument, nullptr, 'k'},
                          {nullptr, 0, nullptr, 0}};
  const auto number = [](std::size_t& out) { return (out = std::strtoul(optarg, nullptr, 10)) > 0; };
  for (int got = 0; (got = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    bool good = true;
    switch (got) {
    case 'd': options.daemon = optarg; break;
    case 'o': options.out = optarg; break;
    case 'a': good = number(plan.asks); break;
    case 's': good = number(plan.samples); break;
    case 'r': good = number(options.repetitions); break;
    case 'k': options.keep = true; break;
    default: good = false;
    }
    if (!good) return false;
  }
  return optind == argc;
}

} // namespace

int main(int argc, char** argv) {
  Plan plan;
  if (!read_options(argc, argv, plan)) return std::cerr << usage, 2;
  if (const auto measured = measure(plan); !measured) {
    std::cerr << "cli_bench: " << measured.error().message() << '\n';
    return 1;
  }
  return 0;
}
