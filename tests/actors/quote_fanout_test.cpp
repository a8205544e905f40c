// Who is told of a quote, without any actor: the test is the accounts.

#include "actors/quote_fanout.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;
using actors::QuoteBoard;
using actors::QuoteFanout;
using model::Band;
using model::Bands;

const AccountId first_one{1}, second_one{2};

class Fanout : public ::testing::Test {
protected:
  Fanout() {
    for (const auto id : {first_one, second_one}) {
      fanout_.begin(id);
      fanout_.watch(id, {mnq()});
    }
  }

  void quote(std::string_view last, std::string_view bid, std::string_view ask) {
    QuoteUpdate update;
    update.contract = mnq();
    update.last = px(last);
    update.bid = px(bid);
    update.ask = px(ask);
    at_ += 1ms;
    fanout_.quote({at_, 0, update}, update);
  }
  void flat(std::string_view price) { quote(price, price, price); }

  static Bands between(std::string_view low, std::string_view high) {
    const model::PriceRange range{px(low), px(high)};
    return {{mnq(), Band{range, range, range}}};
  }
  /// Whom a parcel went to since the last question.
  std::vector<AccountId> told() {
    std::vector<AccountId> out;
    for (const auto& parcel : parcels_) out.push_back(parcel.account);
    parcels_.clear();
    return out;
  }
  void both_state(const Bands& bands) {
    for (const auto id : {first_one, second_one}) fanout_.state(id, bands, true);
  }
  using Ids = std::vector<AccountId>;

  std::vector<QuoteFanout::Parcel> parcels_;
  std::shared_ptr<QuoteBoard> board_ = std::make_shared<QuoteBoard>();
  QuoteFanout fanout_{board_, [this](QuoteFanout::Parcel parcel) { parcels_.push_back(std::move(parcel)); }};
  Instant at_ = instant("2026-07-15T17:00:00Z");
};

TEST_F(Fanout, TellsEveryQuoteToAnAccountThatHasStatedNothing) {
  flat("100");
  EXPECT_EQ(told(), (Ids{first_one, second_one}));
  fanout_.state(first_one, {}, true);
  flat("101");
  EXPECT_EQ(told(), Ids{first_one}) << "the other has not answered";
}

TEST_F(Fanout, TellsAnAccountWhenAQuoteLeavesItsBandAndNobodyElse) {
  flat("100");
  fanout_.state(first_one, between("99", "101"), true);
  fanout_.state(second_one, between("90", "110"), true);
  (void)told();
  flat("101");
  flat("99");
  EXPECT_EQ(told(), Ids{}) << "both ends belong to the band";
  flat("98.75");
  EXPECT_EQ(told(), Ids{first_one});
  quote("98.75", "98.75", "110.25");
  EXPECT_EQ(told(), Ids{second_one}) << "the ask has a range of its own";
}

TEST_F(Fanout, WeighsWhatCameMeanwhileAgainstTheBandsOfTheAnswer) {
  flat("100");
  (void)told();
  flat("105");
  fanout_.state(first_one, between("99", "101"), true);
  ASSERT_EQ(parcels_.size(), 1U);
  EXPECT_EQ(std::get<QuoteUpdate>(parcels_[0].quotes.at(0).payload).last, px("105"));
  EXPECT_EQ(parcels_[0].number, board_->number());
  (void)told();
  fanout_.state(second_one, between("99", "106"), true);
  EXPECT_EQ(told(), Ids{}) << "it lies within";
}

TEST_F(Fanout, StatingNewBandsBringsAQuoteThatLiesOutside) {
  flat("100");
  both_state(between("90", "110"));
  flat("105");
  (void)told();
  fanout_.state(first_one, between("99", "101"), false);
  EXPECT_EQ(told(), Ids{first_one});
}

TEST_F(Fanout, ShowsWhatWasKeptBackOnceARound) {
  flat("100");
  both_state(between("90", "110"));
  flat("101");
  flat("102");
  (void)told();
  for (std::size_t i = 0; i < QuoteFanout::turns; ++i) EXPECT_TRUE(fanout_.show());
  ASSERT_EQ(parcels_.size(), 2U);
  EXPECT_EQ(std::get<QuoteUpdate>(parcels_[0].quotes.at(0).payload).last, px("102"));
  both_state(between("90", "110"));
  (void)told();
  bool more = true;
  for (std::size_t i = 0; i < QuoteFanout::turns; ++i) more = fanout_.show();
  EXPECT_FALSE(more) << "nothing came since";
  EXPECT_EQ(told(), Ids{});
}

TEST_F(Fanout, TellsWhatLiesInsideFirst) {
  for (const auto id : {first_one, second_one}) fanout_.watch(id, {mnq(), es()});
  QuoteUpdate other;
  other.contract = es();
  other.last = other.bid = other.ask = px("50");
  flat("100");
  fanout_.quote({at_, 0, other}, other);
  auto bands = between("90", "110");
  bands[es()] = {{px("40"), px("60")}, {px("40"), px("60")}, {px("40"), px("60")}};
  for (int i = 0; i < 2; ++i) both_state(bands);
  (void)told();
  other.last = other.ask = px("52");
  fanout_.quote({at_ + 1ms, 0, other}, other);
  EXPECT_EQ(told(), Ids{});
  flat("111");
  ASSERT_EQ(parcels_.size(), 2U);
  EXPECT_EQ(std::get<QuoteUpdate>(parcels_[0].quotes.front().payload).contract, es());
  EXPECT_EQ(std::get<QuoteUpdate>(parcels_[0].quotes.back().payload).contract, mnq());
}

TEST_F(Fanout, TellsEveryWatcherOfAQuoteThatCannotBe) {
  flat("100");
  both_state(between("90", "110"));
  (void)told();
  quote("100", "101", "99");
  EXPECT_EQ(told(), (Ids{first_one, second_one}));
}

TEST_F(Fanout, BeginsAnewWithoutBandsAndWithoutOldQuotes) {
  flat("100");
  both_state(between("90", "110"));
  flat("101");
  (void)told();
  fanout_.begin(first_one);
  fanout_.state(first_one, {}, false);
  EXPECT_EQ(told(), Ids{}) << "what came before it began";
  flat("102");
  EXPECT_EQ(told(), Ids{first_one});
}

TEST_F(Fanout, ForgetsAContractThatNobodyWatches) {
  flat("100");
  for (const auto id : {first_one, second_one}) fanout_.watch(id, {});
  (void)told();
  flat("101");
  EXPECT_EQ(told(), Ids{});
  EXPECT_FALSE(board_->has_news(mnq(), 0));
}

} // namespace
} // namespace bulkhead::testing
