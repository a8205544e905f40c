// Every row of the rule tables has its example, or a reason why not.

#include "tests/examples_runner/example.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <set>

namespace bulkhead::examples {
namespace {

/// How many rows the table of a section has.
const std::map<std::string, int> tables = {
    {"2.1", 8},           {"2.2", 8},         {"2.3", 9},          {"2.4", 8},
    {"2.5", 7},           {"2.6", 8},         {"2.7", 8},          {"2.8", 10},
    {"2.9", 8},           {"2.10", 7},        {"2.11", 7},         {"2.12", 9},
    {"3.2", 6},           {"3.4", 7},         {"3.10-flatten", 5}, {"3.10-no_new_exposure", 5},
    {"3.12-drawdown", 6}, {"3.12-market", 6}, {"7.1", 10},         {"7.1-daily", 1},
    {"7.2", 3},           {"7.3", 4},         {"7.4", 4},          {"7.5", 6},
    {"7.6", 3},           {"7.7", 3},         {"7.8", 4},          {"7.9", 3},
    {"7.10", 4},          {"7.11", 4},        {"7.12", 4}};

/// Rows that the decision core does not decide.
const std::map<std::string, std::string> elsewhere = {
    {"3.4_6", "the reset scheduler remembers the last reset it told of"}};

/// "2.6_3b" shows row 2.6_3.
std::string row_of(std::string name) {
  while (!name.empty() && std::isdigit(static_cast<unsigned char>(name.back())) == 0) name.pop_back();
  return name;
}

TEST(Coverage, EveryRowOfTheTablesHasItsExample) {
  std::set<std::string> shown;
  for (const auto& path : example_files()) shown.insert(row_of(path.stem().string()));
  for (const auto& entry : std::filesystem::directory_iterator(BULKHEAD_SOURCE_DIR "/tests/examples/groups"))
    shown.insert(row_of(entry.path().stem().string()));
  std::set<std::string> rows;
  std::string missing;
  std::size_t covered = 0;
  for (const auto& [section, count] : tables) {
    for (int row = 1; row <= count; ++row) {
      const std::string name = section + "_" + std::to_string(row);
      if (elsewhere.contains(name)) continue;
      rows.insert(name);
      if (shown.contains(name))
        ++covered;
      else
        missing += " " + name;
    }
  }
  std::cout << covered << " of " << rows.size() << " rows covered\n";
  EXPECT_EQ(missing, "");
  for (const auto& name : shown) EXPECT_TRUE(rows.contains(name)) << name << " is a row of no table";
}

} // namespace
} // namespace bulkhead::examples
