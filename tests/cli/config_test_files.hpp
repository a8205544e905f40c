#pragma once
// A configuration directory for one test: valid unless the test replaces a file. Owned by the test, removed
// with it.

#include "cli/config_loader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <stdlib.h>
#include <string>

namespace bulkhead::cli {

inline constexpr std::string_view valid_accounts = R"(accounts:
  - account_id: 1001
    username: trader1
    api_key: "${KEY1}"
)";
inline constexpr std::string_view valid_rules = R"(rules:
  max_contracts: { limit: 5 }
)";

class ConfigDirectory {
public:
  ConfigDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "bulkhead-config-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write("accounts.yaml", valid_accounts);
    write("risk_config.yaml", valid_rules);
  }
  ~ConfigDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ConfigDirectory(const ConfigDirectory&) = delete;
  ConfigDirectory& operator=(const ConfigDirectory&) = delete;

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    std::filesystem::permissions(path_ / name,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  void remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] LoadedConfig load() const {
    return load_config(path_, [this](const std::string& name) -> std::optional<std::string> {
      const auto it = environment.find(name);
      return it == environment.end() ? std::nullopt : std::optional(it->second);
    });
  }

  std::map<std::string, std::string> environment{{"KEY1", "secret-one"}};

private:
  std::filesystem::path path_;
};

/// Every problem as people read it, one per line.
inline std::string text_of(const model::Problems& problems) {
  std::string text;
  for (const auto& problem : problems) text += to_string(problem) + "\n";
  return text;
}

/// The problems of `loaded` are exactly these lines.
inline void expect_problems(const LoadedConfig& loaded, const std::vector<std::string>& lines) {
  std::string expected;
  for (const auto& line : lines) expected += line + "\n";
  EXPECT_EQ(text_of(loaded.problems), expected);
}

/// What is wrong with a directory whose risk_config.yaml is `text`.
inline std::string problems_of_rules(std::string_view text) {
  const ConfigDirectory directory;
  directory.write("risk_config.yaml", text);
  return text_of(directory.load().problems);
}
inline std::string problems_of_accounts(std::string_view text) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", text);
  return text_of(directory.load().problems);
}

} // namespace bulkhead::cli
