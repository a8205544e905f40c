// What durability costs the close: one daemon whose data lie on a disk, with its journal, fdatasync and store
// commit as always, against the same daemon with its data in memory (tmpfs), where a sync costs nothing, and
// against "again", a second one in memory: what those two differ by is the noise. All run at once, each
// before a stub gateway of its own, and are breached in turn. Only the ratios mean anything.

#include "bench/breaches.hpp"
#include "bench/results.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <iostream>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr double target = 1.1;
constexpr const char* memory = "/dev/shm";

struct Daemon {
  std::unique_ptr<World> world;
  std::unique_ptr<Breaches> breaches;
};
struct Way {
  const char* name;
  Daemon* daemon;
  std::vector<Spans> spans = {}; // by repetition
  [[nodiscard]] Spans pooled() const {
    Spans out;
    for (const auto& one : spans) out.insert(out.end(), one.begin(), one.end());
    return out;
  }
};

/// A world makes its directory where TMPDIR points to.
model::Result<Daemon> start(const RunOptions& run, const std::string& where, std::size_t samples) {
  ::setenv("TMPDIR", where.c_str(), 1);
  Options options;
  options.daemon = run.daemon;
  options.peers = false;
  options.peer_core = run.peer_core;
  options.keep = run.keep;
  auto world = World::make(options, samples / (samples_per_credential - 1) + 2);
  if (!world) return world.error();
  Daemon out{std::move(*world), nullptr};
  out.breaches = std::make_unique<Breaches>(*out.world);
  return out;
}

double ratio(const Spans& of, const Spans& to, double share) {
  return static_cast<double>(percentile(of, share)) / static_cast<double>(percentile(to, share));
}

/// p50 of one by that of the other: pooled, with the extremes of the repetitions.
std::string ratio_text(const Way& of, const Way& to) {
  double least = 1e9, most = 0;
  for (std::size_t i = 0; i < of.spans.size(); ++i) {
    const auto one = ratio(of.spans[i], to.spans[i], 0.5);
    least = std::min(least, one), most = std::max(most, one);
  }
  return fmt::format("{:.2f} ({:.2f}-{:.2f})", ratio(of.pooled(), to.pooled(), 0.5), least, most);
}

model::Result<void> take(std::vector<Way>& ways, std::size_t repetition, std::size_t samples,
                         const Pace& pace) {
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t turn = 0; turn < ways.size(); ++turn) {
      // Forwards and backwards: whoever follows another finds less of itself in the caches.
      const auto at = (turn + i) % ways.size();
      auto& way = ways[i % 2 == 0 ? at : ways.size() - 1 - at];
      for (const auto& each : ways) each.daemon->world->stub().keep_alive();
      if (auto account = way.daemon->breaches->credential(); !account) return account.error();
      way.daemon->breaches->pause(pace);
      const auto span = way.daemon->breaches->sample(Variant::daemon);
      if (!span) return way.daemon->world->with_daemon_words(span.error());
      way.spans[repetition].push_back(*span);
      way.daemon->breaches->wait_for_stillness();
    }
  }
  return {};
}

model::Result<void> measure(const RunOptions& options, Results& results) {
  const std::size_t samples = options.quick ? 40 : 220;
  const auto disk_directory = std::filesystem::absolute(options.out).parent_path().string();
  auto disk = start(options, disk_directory, options.repetitions * samples);
  if (!disk) return disk.error();
  auto in_memory = start(options, memory, options.repetitions * samples);
  if (!in_memory) return in_memory.error();
  auto again = start(options, memory, options.repetitions * samples);
  if (!again) return again.error();
  if (auto pinned = stay_on_core(options.stub_core); !pinned) return pinned;
  std::vector<Way> ways{{"memory", &*in_memory}, {"disk", &*disk}, {"again", &*again}};
  for (auto& way : ways) way.spans.resize(options.repetitions);
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    if (auto done = take(ways, i, samples, Pace{}); !done) return done;
  }
  std::cout << fmt::format("{:<8} {:>6} {:>8} {:>8}   {:<20} {}\n", "data in", "n", "p50 us", "p99 us",
                           "p50 to memory", "p99");
  for (const auto& way : ways) {
    const auto all = way.pooled();
    std::cout << fmt::format("{:<8} {:>6} {:>8.1f} {:>8.1f}   {:<20} {:.2f}\n", way.name, all.size(),
                             micros(percentile(all, 0.5)), micros(percentile(all, 0.99)),
                             ratio_text(way, ways[0]), ratio(all, ways[0].pooled(), 0.99));
    for (std::size_t i = 0; i < way.spans.size(); ++i) results.samples(way.name, i, way.spans[i]);
  }
  const auto durable = ratio(ways[1].pooled(), ways[0].pooled(), 0.5);
  results.target(fmt::format("durability costs <= {:.1f}x the p50 without", target), durable <= target,
                 ratio_text(ways[1], ways[0]));
  results.null_test(ratio(ways[2].pooled(), ways[0].pooled(), 0.5));
  return {};
}

constexpr const char* about =
    "durability: breach to close, 5 ms apart, of a daemon with its data on disk (journal, fdatasync, store "
    "as always)\n"
    "and of the same daemon with its data in /dev/shm, where the same calls reach no disk";

} // namespace

int main(int argc, char** argv) {
  const auto options = read_run_options(argc, argv, "durability_bench", about);
  if (!options) return 2;
  Results results(*options, "durability", about);
  if (auto done = measure(*options, results); !done) return malfunction("durability_bench", done.error());
  return 0;
}
