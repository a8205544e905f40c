#include "model/config.hpp"
#include "model/error.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string_view>

namespace bulkhead::model {
namespace {

TEST(Error, ContextStandsInFrontAndTheCodeStays) {
  const Error error = Error{Errc::io, "disk full"}.with_context("journal");
  EXPECT_EQ(error.code(), Errc::io);
  EXPECT_EQ(error.message(), "journal: disk full");
}

TEST(Error, EveryCodeHasAName) {
  std::set<std::string_view> names;
  for (auto code = Errc::ok; code <= Errc::unsupported; code = static_cast<Errc>(static_cast<int>(code) + 1))
    names.insert(to_string(code));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Errc::unsupported) + 1);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_EQ(to_string(static_cast<Errc>(static_cast<int>(Errc::unsupported) + 1)), "unknown");
}

TEST(Error, TakingTheValueOfAFailureIsAnInvariantViolation) {
  const Result<int> failed = Error{Errc::missing, "no size"};
  EXPECT_THROW((void)failed.value(), InvariantViolation);
}

TEST(Require, ThrowsOnlyWhenTheInvariantDoesNotHold) {
  EXPECT_NO_THROW(require(true, "fine"));
  try {
    require(false, "the sky is up");
    FAIL() << "did not throw";
  } catch (const InvariantViolation& violation) {
    EXPECT_NE(std::string(violation.what()).find("the sky is up"), std::string::npos);
    EXPECT_NE(std::string(violation.what()).find("error_test.cpp"), std::string::npos);
  }
}

TEST(Problem, SaysEverythingNeededToMendIt) {
  const Problem typo{Problem::Severity::error,
                     "risk_config.yaml",
                     4,
                     "rules.max_contracts.limt",
                     "5",
                     "unknown key",
                     "limit"};
  EXPECT_EQ(to_string(typo),
            "risk_config.yaml:4: rules.max_contracts.limt = 5: unknown key (did you mean 'limit'?)");
  const Problem bare{Problem::Severity::warning, "holidays.yaml", 0, "", "", "no entries for 2027", ""};
  EXPECT_EQ(to_string(bare), "holidays.yaml: warning: no entries for 2027");
}

TEST(Problem, OnlyErrorsMakeAFileInvalid) {
  Problem warning;
  warning.severity = Problem::Severity::warning;
  EXPECT_FALSE(has_errors({}));
  EXPECT_FALSE(has_errors({warning}));
  EXPECT_TRUE(has_errors({warning, Problem{}}));
}

TEST(ConfigNode, FindsAnEntryByItsKeyOnly) {
  ConfigNode node;
  node.entries = {{"limit", ConfigNode{}}, {"mode", ConfigNode{}}};
  EXPECT_EQ(node.find("mode"), &node.entries[1].second);
  EXPECT_EQ(node.find("MODE"), nullptr);
}

TEST(AccountConfig, AccountsOfOneUserAtOneFirmShareACredential) {
  AccountConfig one;
  one.username = "trader";
  AccountConfig other = one;
  other.id = AccountId{2};
  EXPECT_EQ(one.credential(), other.credential());
  other.api.base_url = "https://api.example.com";
  EXPECT_NE(one.credential(), other.credential());
}

} // namespace
} // namespace bulkhead::model
