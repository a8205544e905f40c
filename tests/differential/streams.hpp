#pragma once
// Random lives of an account: what a gateway, a person and the clock might tell, mostly sensible, with events
// told twice, too late and after restarts. The same seed gives the same life. Owned by one test.

#include "model/decision.hpp"
#include "rules/risk_engine.hpp"
#include "tests/support/reference/reference.hpp"

#include <deque>
#include <memory>
#include <random>

namespace bulkhead::differential {

/// Settings for the engine and for the reference, from one draw.
struct Setting {
  std::string yaml;
  std::string holidays;
  std::string news;
  reference::Rules rules;
};
[[nodiscard]] Setting draw_setting(std::mt19937_64& random);
/// Adds those of RULE-013 and above, each in one of `of` settings.
void draw_firm_rules(std::mt19937_64& random, Setting& out, int of);

/// What is traded in every life, and where its prices lie.
inline constexpr const char* contracts[] = {"CON.F.US.MNQ.U26", "CON.F.US.MNQ.Z26", "CON.F.US.EP.U26",
                                            "CON.F.US.MES.U26", "CON.F.US.RTY.U26"};
inline constexpr std::int64_t prices[] = {21000, 21100, 5800, 5800, 2200};

class Life {
public:
  Life(std::uint64_t seed, model::AccountId account);
  /// The first events: contracts, connection, day, read.
  [[nodiscard]] reference::Events begin();
  /// What happens next, given what was decided last.
  [[nodiscard]] model::Event next(const model::Decision& last);
  /// Others speak meanwhile; when they have.
  model::Instant wait(model::Duration span) { return now_ += span; }

private:
  [[nodiscard]] int pick(int low, int high);
  [[nodiscard]] bool chance(int percent) { return pick(1, 100) <= percent; }
  [[nodiscard]] std::string contract();
  [[nodiscard]] model::Event at(model::Payload payload) const { return {now_, 0, std::move(payload)}; }
  [[nodiscard]] model::Payload position();
  [[nodiscard]] model::Payload order();
  [[nodiscard]] model::Payload stop();
  [[nodiscard]] model::Payload carry_out();
  [[nodiscard]] model::Payload fill();
  [[nodiscard]] model::Payload quote();
  [[nodiscard]] model::Payload account();
  [[nodiscard]] model::Payload person();
  [[nodiscard]] model::Payload report();
  [[nodiscard]] model::Payload read();
  [[nodiscard]] model::DailyReset day() const;
  [[nodiscard]] model::Payload change();
  [[nodiscard]] model::HistoryRead history();
  void earn(const model::Fill& fill, int sign);
  [[nodiscard]] bool pass_time(const model::Decision& last);

  std::mt19937_64 random_;
  model::AccountId account_;
  model::Instant now_;
  std::map<std::string, model::PositionUpdate> positions_;
  std::map<std::int64_t, model::Order> orders_;
  std::map<std::int64_t, model::Fill> fills_;
  std::map<std::string, model::IntentId> asked_;  // the last ask for each contract and order
  std::deque<model::AutomationRequest> requests_; // not yet carried out
  std::optional<model::Instant> wake_;            // the last one asked for
  std::int64_t ids_ = 1;
  bool can_trade_ = true;
  bool unread_ = false;                     // after a restart
  bool day_over_ = false;                   // and its end not told
  bool lucky_ = false;                      // wins more than it loses
  model::Money balance_;                    // as the firm has it
  model::Money untold_;                     // put in or taken out, and nobody said so
  std::optional<model::Payload> told_last_; // to be told again
};

} // namespace bulkhead::differential
