#include "persistence/archive_types.hpp"
#include "persistence/codec.hpp"
#include "persistence/codec_fields_state.hpp"
#include "tests/persistence/samples.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <random>

namespace bulkhead::persistence {
namespace {

using model::Errc;

constexpr std::size_t source_and_epoch = 4; // bytes: a person, and no epoch

void expect_same(const model::Event& a, const model::Event& b) {
  EXPECT_EQ(a.at, b.at);
  EXPECT_EQ(a.received, b.received);
  EXPECT_TRUE(a.payload == b.payload) << kind_name(a);
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

TEST(Codec, EveryPayloadKindComesBack) {
  const auto events = samples::events();
  ASSERT_EQ(events.size(), std::variant_size_v<model::Payload>);
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].payload.index(), i);
    const auto decoded = decode_event(encoded(events[i]));
    ASSERT_TRUE(decoded) << decoded.error().message();
    expect_same(*decoded, events[i]);
  }
}

TEST(Codec, EmptyValuesComeBack) {
  const auto decoded = decode_event(encoded(model::Event{}));
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_TRUE(decoded->payload == model::Payload{});
  EXPECT_EQ(*decode_decision(encoded(model::Decision{})), model::Decision{});
  const auto state = decode_account_state(encoded(model::AccountState{}));
  ASSERT_TRUE(state) << state.error().message();
  EXPECT_TRUE(*state == model::AccountState{});
}

TEST(Codec, ADecisionComesBack) {
  EXPECT_EQ(*decode_decision(encoded(samples::decision())), samples::decision());
}

TEST(Codec, AnAccountStateComesBackWithItsSums) {
  const auto state = samples::state();
  const auto decoded = decode_account_state(encoded(state));
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_TRUE(*decoded == state);
  EXPECT_EQ(decoded->ledger.count(), 1u);
  EXPECT_EQ(decoded->ledger.fills().size(), 3u);
  EXPECT_EQ(decoded->ledger.net(), state.ledger.net());
}

TEST(Codec, StoreRowsComeBack) {
  using namespace samples;
  const StoredAccount stored{state(), 99};
  EXPECT_TRUE(*decode_stored_account(encoded(stored)) == stored);
  const LockoutRecord record{AccountId{1}, at(1), lockout(), ClearCause::admin};
  EXPECT_TRUE(*decode_lockout_record(encoded(record)) == record);
  const DaySummary day{AccountId{1}, samples::day(), Money{1}, Money{2}, Money{-1}, 4, 5};
  EXPECT_TRUE(*decode_day_summary(encoded(day)) == day);
  const Note note{AccountId{1}, at(2), "unlocked by bob", "RULE-003"};
  EXPECT_TRUE(*decode_note(encoded(note)) == note);
  auto of_version_1 = encoded(Note{AccountId{1}, at(2), "unlocked by bob", ""});
  of_version_1.pop_back(); // the empty source
  of_version_1.front() = 1;
  EXPECT_EQ(decode_note(of_version_1)->text, "unlocked by bob");
  const CachedContract cached{contract(), at(3)};
  EXPECT_TRUE(*decode_cached_contract(encoded(cached)) == cached);
}

TEST(Codec, EveryPrefixIsRefused) {
  for (const auto& event : samples::events()) {
    const std::string bytes = encoded(event);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      EXPECT_FALSE(decode_event(std::string_view{bytes}.substr(0, n))) << kind_name(event) << " " << n;
    }
    EXPECT_FALSE(decode_event(bytes + '\0'));
  }
  const std::string bytes = encoded(samples::state());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    ASSERT_EQ(decode_account_state(std::string_view{bytes}.substr(0, n)).error().code(), Errc::corrupt) << n;
  }
}

TEST(Codec, NoFlippedBitIsTakenForAnotherSpelling) {
  std::vector<std::string> inputs;
  for (const auto& event : samples::events()) inputs.push_back(encoded(event));
  for (const auto& bytes : inputs) {
    // The version, in the first byte, names an older spelling.
    for (std::size_t bit = 8; bit < bytes.size() * 8; ++bit) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
      // Without a checksum some flips give another valid value; then that value has these very bytes.
      const auto decoded = decode_event(damaged);
      EXPECT_TRUE(!decoded || encoded(*decoded) == damaged) << hex(damaged);
    }
  }
}

TEST(Codec, RandomDamageNeverCrashes) {
  std::mt19937 random(20260715); // the seed; the sequence is the same everywhere
  const std::string whole = encoded(samples::state());
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (int n = 0; n < 3; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto state = decode_account_state(bytes);
    ASSERT_TRUE(!state || encoded(*state) == bytes) << hex(bytes);
    const auto decision = decode_decision(bytes);
    ASSERT_TRUE(!decision || encoded(*decision) == bytes) << hex(bytes);
  }
}

TEST(Codec, ReadsDecisionsAndStatesOfTheFirstVersion) {
  // What versions 2 to 7 added stands at the end and is empty here: lists of one byte, instants of eight.
  std::string decision = encoded(model::Decision{});
  decision = decision.substr(0, decision.size() - 2);
  decision[0] = 1;
  ASSERT_TRUE(decode_decision(decision)) << decode_decision(decision).error().message();
  std::string state = encoded(model::AccountState{});
  const std::size_t irregular = 5, history = 16, told = 1 + 3 + 1 + 1 + 1,
                    added = 7 + 1 + 3 * 8 - 8 + 1 + 8 + 1 + 1 + 8 + history + told;
  state = state.substr(0, state.size() - added - irregular);
  state[0] = 1;
  ASSERT_TRUE(decode_account_state(state)) << decode_account_state(state).error().message();
}

TEST(Codec, ReadsStatesWithoutHistory) {
  auto known = samples::state();
  const auto with = encoded(known).size();
  known.history = {};
  known.moves.clear();
  known.breaches.clear();
  known.disabled = false;
  std::string bytes = encoded(known);
  ASSERT_LT(bytes.size(), with);
  bytes = bytes.substr(0, bytes.size() - 16 - 7);
  bytes[0] = 3;
  const auto state = decode_account_state(bytes);
  ASSERT_TRUE(state) << state.error().message();
  EXPECT_TRUE(*state == known);
}

TEST(Codec, ReadsEventsOfTheFirstVersion) {
  std::string event = encoded(model::Event{samples::at(1), 0, model::FlattenOrdered{"now"}});
  event = event.substr(0, event.size() - 3 - source_and_epoch); // two empty options and a flag
  event[0] = 1;
  const auto read = decode_event(event);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(std::get<model::FlattenOrdered>(read->payload), model::FlattenOrdered{"now"});
}

TEST(Codec, ReadsEventsOfTheSecondVersion) {
  const model::FlattenOrdered wish{"now", {}, {}, true};
  std::string event = encoded(model::Event{samples::at(1), 0, wish});
  event = event.substr(0, event.size() - source_and_epoch);
  event[0] = 2;
  const auto read = decode_event(event);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(std::get<model::FlattenOrdered>(read->payload), wish);
}

TEST(Codec, RefusesVersionsItDoesNotKnow) {
  std::string bytes = encoded(samples::events().front());
  bytes[0] = static_cast<char>(event_version + 1);
  EXPECT_EQ(decode_event(bytes).error().code(), Errc::unsupported);
  bytes[0] = 0;
  EXPECT_EQ(decode_event(bytes).error().code(), Errc::corrupt);
}

TEST(Codec, BytesOfAFillNeverChange) {
  const model::Event event{samples::at(0), 5, samples::fill()};
  EXPECT_EQ(hex(encoded(event)),
            "040778de71ad5606000a033e9a01ce4910434f4e2e462e55532e4d4e512e553236c73e0c72ad560600808a8887b0c6"
            "09016da0952d02020600");
}

template <class E>
std::string_view text_after_last() {
  return to_string(static_cast<E>(static_cast<std::uint8_t>(EnumRange<E>::last) + 1));
}

TEST(Codec, KnowsTheLastEnumeratorOfEveryEnum) {
  EXPECT_EQ(text_after_last<model::LockoutKind>(), "unknown");
  EXPECT_EQ(text_after_last<model::LockoutMode>(), "unknown");
  EXPECT_EQ(text_after_last<model::ClearCause>(), "unknown");
  EXPECT_EQ(text_after_last<model::IntentOutcome>(), "unknown");
  EXPECT_EQ(text_after_last<model::EnforcementIntent::Kind>(), "unknown");
  EXPECT_EQ(text_after_last<model::Alert::Severity>(), "unknown");
  const auto unit = static_cast<std::uint8_t>(EnumRange<model::Measure::Unit>::last);
  EXPECT_EQ(to_string(model::Measure{static_cast<model::Measure::Unit>(unit + 1), 1}), "unknown");
  EXPECT_NE(to_string(model::Measure{static_cast<model::Measure::Unit>(unit), 1}), "unknown");
  const auto kind = static_cast<std::uint8_t>(EnumRange<model::Source::Kind>::last);
  EXPECT_EQ(to_string(model::Source{static_cast<model::Source::Kind>(kind + 1), 1, 0}), "unknown");
}

} // namespace
} // namespace bulkhead::persistence
