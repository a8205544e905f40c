#include "bench/machine.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <fstream>
#include <openssl/crypto.h>
#include <sys/utsname.h>
#include <thread>

namespace bulkhead::bench {

MachineLoad read_load() {
  MachineLoad out;
  std::ifstream load("/proc/loadavg");
  std::string one, five, fifteen;
  if (load >> one >> five >> fifteen) out.load_average = fmt::format("{} {} {}", one, five, fifteen);
  std::ifstream stat("/proc/stat");
  std::string cpu;
  stat >> cpu;
  constexpr int steal = 7; // user nice system idle iowait irq softirq steal
  double ticks = 0;
  for (int i = 0; i <= steal && stat >> ticks; ++i) {
    out.all_ticks += ticks;
    if (i == steal) out.steal_ticks = ticks;
  }
  return out;
}

double steal_share(const MachineLoad& before, const MachineLoad& after) {
  const double all = after.all_ticks - before.all_ticks;
  return all > 0 ? (after.steal_ticks - before.steal_ticks) / all : 0;
}

std::string machine_text() {
  utsname system{};
  (void)::uname(&system); // empty fields say enough
  std::string model = "unknown CPU";
  std::ifstream cpus("/proc/cpuinfo");
  for (std::string line; std::getline(cpus, line);) {
    if (!line.starts_with("model name")) continue;
    model = line.substr(std::min(line.size(), line.find(':') + 2));
    break;
  }
  return fmt::format("{} {}, {} x {}, {}, Boost {}", system.sysname, system.release,
                     std::thread::hardware_concurrency(), model, OpenSSL_version(OPENSSL_VERSION),
                     BOOST_LIB_VERSION);
}

} // namespace bulkhead::bench
