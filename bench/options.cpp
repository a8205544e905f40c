#include "bench/options.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <getopt.h>
#include <iostream>
#include <string_view>

namespace bulkhead::bench {
namespace {

constexpr std::string_view usage = R"(usage: enforcement_latency [OPTIONS]
From the gateway's breach event to the last byte of the close request: a raw-socket floor, a Boost.Beast client
and the daemon, sample by sample in turn in one run. Only the ratios mean anything.
  --daemon FILE       the bulkhead binary (default: the one beside this program)
  --out FILE          JSON lines are appended here (default: bench-results/enforcement_latency.jsonl beside it)
  --idle N            samples 5 ms apart per variant and repetition (700)
  --second N          samples 1 s apart per variant and repetition (20)
  --hot N             samples back to back per variant and repetition (6700)
  --quotes N          samples 5 ms apart under 1,000 quotes a second per variant and repetition (300)
  --burst N           samples of the daemon behind 10,000 quotes per repetition (40)
  --neighbour N       samples of the daemon beside each trouble of another account per repetition (60)
  --repetitions N     at least 3 for figures that are shown to anybody (3)
  --warm-up N         uncounted rounds before each mode (30)
  --scripts DIR       where python_client.py and node_client.mjs lie: measures the Python client too
  --node-packages DIR where @microsoft/signalr is installed: measures the Node client too
  --stub-core N       core of the stub gateway, -1: any (0)
  --peer-core N       core of whatever is measured, -1: any (1)
  --variants LIST     the daemon in other ways beside it, of warm,spin,sharing, or none (all): each is held while others
                      are measured
  --few N             at most so many samples of each of these and of the scripts, per mode and repetition (250);
                      of those 1 s apart a hundredth of that
  --keep-warm MS      the warm daemon rehearses a breach so often (1)
  --keep              leave the temporary directory behind
)";

template <class Number>
bool read(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_variants(std::string_view list, std::set<Variant>& out) {
  out.clear();
  if (list == "none") return true;
  while (!list.empty()) {
    const auto name = list.substr(0, list.find(','));
    const auto found = std::find_if(other_daemons.begin(), other_daemons.end(),
                                    [&](Variant variant) { return to_string(variant) == name; });
    if (found == other_daemons.end()) return false;
    out.insert(*found);
    list.remove_prefix(std::min(list.size(), name.size() + 1));
  }
  return true;
}

bool set(int option, std::string_view value, Options& out) {
  switch (option) {
  case 'd': out.daemon = value; return true;
  case 'o': out.out = value; return true;
  case 'i': return read(value, out.idle);
  case 'S': return read(value, out.second);
  case 'h': return read(value, out.hot);
  case 'q': return read(value, out.quotes);
  case 'b': return read(value, out.burst);
  case 'n': return read(value, out.neighbour);
  case 'r': return read(value, out.repetitions);
  case 'w': return read(value, out.warm_up);
  case 'y': out.scripts = value; return true;
  case 'N': out.node_packages = value; return true;
  case 's': return read(value, out.stub_core);
  case 'p': return read(value, out.peer_core);
  case 'V': return read_variants(value, out.others);
  case 'f': return read(value, out.few);
  case 'W': return read(value, out.keep_warm);
  case 'k': out.keep = true; return true;
  case 'H': out.help = true; return true;
  default: return false;
  }
}

} // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  Options out;
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  out.daemon = here / "bulkhead";
  out.others = {other_daemons.begin(), other_daemons.end()};
  out.out = here / "bench-results" / "enforcement_latency.jsonl";
  const option known[] = {{"daemon", required_argument, nullptr, 'd'},
                          {"out", required_argument, nullptr, 'o'},
                          {"idle", required_argument, nullptr, 'i'},
                          {"second", required_argument, nullptr, 'S'},
                          {"hot", required_argument, nullptr, 'h'},
                          {"quotes", required_argument, nullptr, 'q'},
                          {"burst", required_argument, nullptr, 'b'},
                          {"neighbour", required_argument, nullptr, 'n'},
                          {"repetitions", required_argument, nullptr, 'r'},
                          {"warm-up", required_argument, nullptr, 'w'},
                          {"scripts", required_argument, nullptr, 'y'},
                          {"node-packages", required_argument, nullptr, 'N'},
                          {"stub-core", required_argument, nullptr, 's'},
                          {"peer-core", required_argument, nullptr, 'p'},
                          {"variants", required_argument, nullptr, 'V'},
                          {"few", required_argument, nullptr, 'f'},
                          {"keep-warm", required_argument, nullptr, 'W'},
                          {"keep", no_argument, nullptr, 'k'},
                          {"help", no_argument, nullptr, 'H'},
                          {nullptr, 0, nullptr, 0}};
  for (int got = 0; (got = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    if (set(got, optarg ? optarg : "", out)) continue;
    std::cerr << usage;
    return std::nullopt;
  }
  if (out.help) std::cout << usage;
  const bool sensible = optind == argc && out.repetitions > 0 &&
                        out.idle + out.second + out.hot + out.quotes + out.burst + out.neighbour > 0;
  if (out.help || sensible) return out;
  std::cerr << usage;
  return std::nullopt;
}

} // namespace bulkhead::bench
