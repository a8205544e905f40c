#pragma once
// One example file: a configuration as a trader writes it, what happens, and what must be decided. The format
// is described in tests/examples/README.md. A file that is wrong throws std::invalid_argument. Plain data,
// owned by the test that reads it.

#include "model/time.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::examples {

struct Step {
  model::Instant at;
  std::string event;
  std::vector<std::string> has;      // of a read: the whole book
  std::optional<std::string> reload; // another risk_config.yaml
  std::vector<std::string> expected; // what is decided, in the words of outcome.hpp, sorted
  std::vector<std::string> alerts;   // codes that must be among the alerts
};

struct Example {
  std::string name; // "2.6_3"
  std::string config;
  std::string holidays;
  std::string news;
  model::Instant start;
  bool unread = false;                // the account has not been read yet when the steps begin
  bool order_matters = false;         // positions and orders may not change places
  bool restart_matters = false;       // a restart in between decides otherwise, as the rule says
  std::vector<std::string> contracts; // beyond the usual: "MCL.V26 0.01 1"
  std::vector<Step> steps;
};

[[nodiscard]] Example load_example(const std::filesystem::path& path);
/// Every file of tests/examples, by name.
[[nodiscard]] std::vector<std::filesystem::path> example_files();

} // namespace bulkhead::examples
