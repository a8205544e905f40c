#include "bench/results.hpp"

#include "model/time.hpp"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <getopt.h>
#include <iostream>

namespace bulkhead::bench {
namespace {

constexpr double null_tolerance = 0.10;
constexpr double much_steal = 0.05;

constexpr std::string_view common_usage =
    R"(  --daemon FILE     the bulkhead binary (default: the one beside this program)
  --out FILE        JSON lines are appended here (default: bench-results/NAME.jsonl beside this program)
  --repetitions N   (3)
  --quick           fewer samples, for a look
  --stub-core N     core of the stub gateway, -1: any (0)
  --peer-core N     core of whatever is measured, -1: any (1)
  --keep            leave the temporary directory behind
)";

} // namespace

std::optional<RunOptions> read_run_options(int argc, char** argv, std::string_view name,
                                           std::string_view about) {
  RunOptions out;
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  out.daemon = here / "bulkhead";
  out.out = here / "bench-results" / fmt::format("{}.jsonl", name);
  const option known[] = {{"daemon", required_argument, nullptr, 'd'},
                          {"out", required_argument, nullptr, 'o'},
                          {"repetitions", required_argument, nullptr, 'r'},
                          {"quick", no_argument, nullptr, 'q'},
                          {"stub-core", required_argument, nullptr, 's'},
                          {"peer-core", required_argument, nullptr, 'p'},
                          {"keep", no_argument, nullptr, 'k'},
                          {nullptr, 0, nullptr, 0}};
  bool good = true;
  for (int got = 0; (got = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (got) {
    case 'd': out.daemon = optarg; break;
    case 'o': out.out = optarg; break;
    case 'r': out.repetitions = std::strtoul(optarg, nullptr, 10); break;
    case 'q': out.quick = true; break;
    case 's': out.stub_core = std::atoi(optarg); break;
    case 'p': out.peer_core = std::atoi(optarg); break;
    case 'k': out.keep = true; break;
    default: good = false;
    }
  }
  if (good && optind == argc && out.repetitions > 0) return out;
  std::cerr << "usage: " << name << " [OPTIONS]\n" << about << '\n' << common_usage;
  return std::nullopt;
}

Results::Results(const RunOptions& options, std::string bench, std::string_view about)
    : options_(options),
      bench_(std::move(bench)),
      started_(model::format_instant(
          std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()))),
      before_(read_load()) {
  std::cout << about << '\n' << machine_text() << "\n\n";
  std::error_code shown_by_the_first_write;
  if (options_.out.has_parent_path())
    std::filesystem::create_directories(options_.out.parent_path(), shown_by_the_first_write);
}

Results::~Results() {
  const auto after = read_load();
  const auto steal = steal_share(before_, after);
  std::cout << fmt::format("load {} -> {}; steal {:.1f} %{}\nJSON lines: {}\n", before_.load_average,
                           after.load_average, 100 * steal,
                           steal > much_steal ? " (WARNING: a noisy neighbour)" : "", options_.out.string());
}

void Results::line(std::string_view members) {
  const auto now = read_load();
  std::ofstream out(options_.out, std::ios::app);
  out << fmt::format(R"({{"bench":"{}","started":"{}",{},"load":"{}","steal":{:.4f}}})", bench_, started_,
                     members, now.load_average, steal_share(before_, now))
      << '\n';
  out.close();
  if (!out) std::cerr << "cannot write " << options_.out.string() << '\n';
}

void Results::samples(std::string_view variant, std::size_t repetition, const Spans& spans,
                      std::string_view more) {
  if (spans.empty()) return;
  line(fmt::format(
      R"("variant":"{}","repetition":{},{}"samples":{},"p50_ns":{},"p99_ns":{},"p999_ns":{},"max_ns":{},"buckets_ns":{})",
      variant, repetition, more, spans.size(), percentile(spans, 0.5), percentile(spans, 0.99),
      percentile(spans, 0.999), percentile(spans, 1.0), histogram_json(spans)));
}

void Results::figure(std::string_view variant, std::string_view what, double value, std::size_t repetition,
                     std::string_view more) {
  line(fmt::format(R"("variant":"{}","repetition":{},{}"what":"{}","value":{:.6g})", variant, repetition,
                   more, what, value));
}

void Results::target(std::string_view what, bool met, std::string_view how) {
  std::cout << fmt::format("target {}: {} ({})\n", what, met ? "met" : "NOT met", how);
  line(fmt::format(R"("target":"{}","met":{},"how":"{}")", what, met, how));
}

void Results::null_test(double ratio) {
  const bool is_void = std::abs(ratio - 1) > null_tolerance;
  std::cout << fmt::format("null test {:.3f}{}\n", ratio,
                           is_void ? ", off by more than 10 %: this run is VOID" : "");
  line(fmt::format(R"("null_test":{:.4f},"void":{})", ratio, is_void));
}

int malfunction(std::string_view name, const model::Error& error) {
  std::cerr << name << ": " << error.message() << '\n';
  return 1;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace bulkhead::bench
