// Alerts for people far away: what they say, what they hide, and the queue before a webhook.

#include "actors/webhooks.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bulkhead::testing {
namespace {

using actors::AlertText;
using actors::WebhookQueue;
using namespace std::chrono_literals;
using Json = nlohmann::json;

const Instant t0 = instant("2026-07-15T19:00:00Z");

actors::Activity breached() {
  Decision decision;
  decision.at = t0;
  Breach breach;
  breach.source = Source::rule(3), breach.account = trader();
  breach.actual = Measure::money(usd("-520")), breach.limit = Measure::money(usd("-500"));
  breach.reason = "daily loss of account 41002233";
  decision.breaches.push_back(breach);
  decision.intents.resize(2);
  decision.intents[1].kind = EnforcementIntent::Kind::cancel_order;
  decision.lockouts_set.push_back(
      lockout(Source::rule(3), t0).until(instant("2026-07-15T22:00:00Z")).build());
  return {trader(), t0, "quote", {}, true, decision};
}

TEST(Webhooks, SayAccountRuleValueAgainstLimitWhatIsDoneAndHowItUnlocks) {
  const auto texts = actors::alert_texts(breached());
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0].account, "...2233");
  EXPECT_EQ(texts[0].text, "RULE-003: -$520.00 against a limit of -$500.00 (daily loss of account ...2233). "
                           "Closing 1 positions, cancelling 1 orders.");
  EXPECT_NE(texts[1].text.find("unlocks at 2026-07-15T22:00:00Z"), std::string::npos);
}

TEST(Webhooks, NeverShowAWholeAccountNumber) {
  for (const auto& text : actors::alert_texts(breached())) {
    for (const auto format :
         {WebhookConfig::Format::json, WebhookConfig::Format::discord, WebhookConfig::Format::telegram}) {
      WebhookConfig hook;
      hook.format = format;
      EXPECT_EQ(body_of(text, hook).find("41002233"), std::string::npos);
      EXPECT_NE(body_of(text, hook).find("...2233"), std::string::npos);
    }
  }
}

TEST(Webhooks, SpeakTheThreeFormats) {
  const AlertText alert{t0, Alert::Severity::critical, "breach", "...2233", "say \"@everyone\""};
  WebhookConfig hook;
  EXPECT_EQ(Json::parse(body_of(alert, hook))["severity"], "critical");
  EXPECT_EQ(Json::parse(body_of(alert, hook))["at"], "2026-07-15T19:00:00.000Z");
  hook.format = WebhookConfig::Format::discord;
  EXPECT_EQ(Json::parse(body_of(alert, hook))["content"],
            "[critical] breach account ...2233: say \"@everyone\"");
  EXPECT_TRUE(Json::parse(body_of(alert, hook))["allowed_mentions"]["parse"].empty());
  hook.format = WebhookConfig::Format::telegram;
  hook.chat_id = "-100";
  EXPECT_EQ(Json::parse(body_of(alert, hook))["chat_id"], "-100");
}

TEST(WebhookQueue, SendsOneAfterTheOtherAndRepeatsWhatFailed) {
  WebhookQueue queue;
  queue.push({t0, {}, "first", "", ""});
  queue.push({t0, {}, "second", "", ""});
  EXPECT_EQ(queue.take(t0)->code, "first");
  EXPECT_FALSE(queue.take(t0));
  queue.failed(t0, true);
  EXPECT_EQ(queue.next_timer(), t0 + 1s);
  EXPECT_FALSE(queue.take(t0));
  EXPECT_EQ(queue.take(t0 + 1s)->code, "first");
  queue.failed(t0 + 1s, true, 7s);
  EXPECT_EQ(queue.take(t0 + 8s)->code, "first");
  queue.done();
  EXPECT_EQ(queue.take(t0 + 8s)->code, "second");
  queue.failed(t0 + 8s, false); // a wrong URL is not asked again
  EXPECT_EQ(queue.waiting(), 0U);
  EXPECT_EQ(queue.dropped(), 1U);
}

TEST(WebhookQueue, GivesUpAfterTenTriesAndKeepsAtMostSixtyFour) {
  WebhookQueue queue;
  Instant now = t0;
  for (int i = 0; i < 100; ++i) queue.push({t0, {}, std::to_string(i), "", ""});
  EXPECT_EQ(queue.waiting(), 64U);
  EXPECT_EQ(queue.dropped(), 36U);
  const auto first = queue.take(now);
  EXPECT_EQ(first->code, "36");
  EXPECT_NE(first->text.find("36 earlier alerts were dropped"), std::string::npos);
  for (int tries = 1; tries <= 10; ++tries) {
    queue.failed(now, true);
    now += 60s;
    EXPECT_EQ(queue.take(now)->code, tries < 10 ? "36" : "37") << tries;
  }
}

} // namespace
} // namespace bulkhead::testing
