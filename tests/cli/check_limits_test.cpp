// Limits that protect less than they seem to.

#include "cli/check_limits.hpp"
#include "tests/cli/config_test_files.hpp"

namespace bulkhead::cli {
namespace {

std::string warnings(std::string_view rules, std::string_view profile = {}) {
  ConfigDirectory directory;
  directory.write("risk_config.yaml", rules);
  directory.write("holidays.yaml", "[]");
  if (!profile.empty()) {
    directory.write("accounts.yaml", "accounts: [{ account_id: 1, username: a, api_key: k, profile: firm }]");
    directory.write("profiles/firm.yaml", "as_of: x\nsource: y\nrules: " + std::string(profile));
  }
  const auto loaded = directory.load();
  EXPECT_FALSE(has_errors(loaded.problems)) << text_of(loaded.problems);
  return text_of(check_limits(loaded.config));
}

TEST(CheckLimits, NothingIsSaidOfLimitsThatHold) {
  EXPECT_EQ(warnings("max_contracts: { limit: 5 }\ndaily_realized_loss: { limit: 500 }\n"), "");
}

TEST(CheckLimits, ALimitThatIsSetWhileItsRuleIsOff) {
  EXPECT_EQ(warnings("max_contracts: { limit: 5 }\nflat_by: { time: '15:00' }\n"),
            "risk_config.yaml:2: warning: flat_by: RULE-018 is off although it is set: say enabled: true, or "
            "enabled: false\n");
  EXPECT_EQ(warnings("max_contracts: { limit: 5 }\nflat_by: { enabled: false, time: '15:00' }\n"), "");
}

TEST(CheckLimits, APersonalLimitLooserThanTheFirms) {
  const auto text = warnings("max_contracts: { limit: 5 }\n", "{ max_contracts: { limit: 3 } }");
  EXPECT_NE(text.find("max_contracts.limit = 5: a larger figure than the profile firm allows (3)"),
            std::string::npos)
      << text;
  EXPECT_EQ(warnings("max_contracts: { limit: 3 }\n", "{ max_contracts: { limit: 3 } }"), "");
  const auto late = warnings("flat_by: { enabled: true, time: '15:10' }\n", "{ flat_by: { time: '15:08' } }");
  EXPECT_NE(late.find("flat_by.time = 15:10"), std::string::npos) << late;
}

TEST(CheckLimits, AProfileWhoseRuleIsNotEnforced) {
  EXPECT_EQ(warnings("max_contracts: { limit: 3 }\nmax_loss_limit: { enabled: false }\n",
                     "{ max_loss_limit: { max_loss: 2000, start_balance: 50000 } }"),
            "accounts.yaml: warning: account 1: profile firm prescribes max_loss_limit, which nothing "
            "enforces for this "
            "account\n");
}

TEST(CheckLimits, ALimitThatAnotherKeepsFromBeingReached) {
  EXPECT_NE(warnings("daily_realized_loss: { limit: 500, include_unrealized: true }\n"
                     "daily_unrealized_loss: { scope: total, loss_limit: 500 }\n")
                .find("is never reached: daily_realized_loss comes first, at 500"),
            std::string::npos);
  EXPECT_EQ(warnings("daily_realized_loss: { limit: 500, include_unrealized: true }\n"
                     "daily_unrealized_loss: { scope: total, loss_limit: 499 }\n"),
            "");
  EXPECT_NE(warnings("daily_realized_loss: { limit: 2500 }\nmax_loss_limit: { enabled: true }\n",
                     "{ max_loss_limit: { max_loss: 2000, start_balance: 50000 } }")
                .find("max_loss_limit comes first, at 2000"),
            std::string::npos);
}

TEST(CheckLimits, AnInstrumentThatMayHoldMoreThanTheAccount) {
  EXPECT_NE(
      warnings("max_contracts: { limit: 5 }\nmax_contracts_per_instrument: { limits: { MNQ: 6, ES: 2 } }\n")
          .find("limits.MNQ = 6: is never reached"),
      std::string::npos);
  EXPECT_EQ(warnings("max_contracts: { limit: 5, unit: mini_equivalent }\n"
                     "max_contracts_per_instrument: { limits: { MNQ: 50, ES: 5 } }\n"),
            "");
}

} // namespace
} // namespace bulkhead::cli
