#include "actors/enforcement_note.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using namespace bulkhead::testing;
using Kind = model::EnforcementIntent::Kind;

const Instant noon = instant("2026-07-15T12:00:00Z");

CloseResult result(Kind action, CloseResult::Status status) {
  CloseResult out;
  out.action = action;
  out.status = status;
  return out;
}

Certificate certificate() {
  Certificate c;
  c.account = AccountId{7};
  c.reason = "RULE-003: -510.00 of -500.00";
  c.done.resize(1);
  c.done[0].source = Source::rule(3);
  c.stamps.received = 1'000'000;
  c.requests.resize(2);
  c.requests[0].written = 1'400'000;
  c.verified = 13'500'000;
  c.achieved = true;
  c.closes = sum_up({result(Kind::close_position, CloseResult::Status::closed),
                     result(Kind::cancel_order, CloseResult::Status::closed)},
                    c.reason);
  return c;
}

TEST(EnforcementNote, SaysWhatWasDoneAndWhenItWasProven) {
  const auto note = note_of(certificate(), noon);
  EXPECT_EQ(note.account, AccountId{7});
  EXPECT_EQ(note.at, noon);
  EXPECT_EQ(note.enforced, "RULE-003");
  EXPECT_EQ(note.text,
            "RULE-003: -510.00 of -500.00: closed 1, cancelled 1, failed 0, deferred 0; 2 requests, "
            "first after 0.4 ms; proven after 12.5 ms");
}

TEST(EnforcementNote, SaysWhatStayedOpen) {
  auto c = certificate();
  c.achieved = false;
  c.detail = "the gateway refused: code 3";
  c.stamps.received = 0; // of a deadline, not of a frame
  c.closes = sum_up({result(Kind::close_position, CloseResult::Status::failed)}, c.reason);
  EXPECT_EQ(note_of(c, noon).text,
            "RULE-003: -510.00 of -500.00: closed 0, cancelled 0, failed 1, deferred 0; 2 requests; "
            "NOT proven: the gateway refused: code 3");
}

} // namespace
} // namespace bulkhead::actors
