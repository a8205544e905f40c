#include "cli/version.hpp"

#include "actors/control.hpp"

#include <fmt/format.h>
#include <fstream>

namespace bulkhead::cli {
namespace {

/// The first line of the zone database as Debian installs it is "# version 2024b".
std::string tzdata_version() {
  std::ifstream in("/usr/share/zoneinfo/tzdata.zi");
  std::string mark, word, version;
  in >> mark >> word >> version;
  return in && word == "version" ? version : "unknown";
}

} // namespace

std::string version_line() {
  return fmt::format("bulkhead {} (commit {}, tzdata {})", actors::version(), BULKHEAD_COMMIT,
                     tzdata_version());
}

} // namespace bulkhead::cli
