// RULE-011: orders, positions, families, spelling.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TestEngine blocked(const std::vector<std::string>& symbols, Settings settings = {}) {
  return TestEngine(
      {with(block("symbol_blocks", settings), "blocked_symbols", list_node("blocked_symbols", symbols))});
}

TEST(SymbolBlocks, CancelsAnOrderOfABlockedRoot) {
  auto engine = blocked({"rty", "BTC"});
  EXPECT_EQ(asked(engine.on(order(7).on(rty()).buy(1).limit("2000"))), "cancel 7");
  EXPECT_EQ(asked(engine.on(order(8).on(m2k()).buy(1).limit("2000"))), "");
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
}

TEST(SymbolBlocks, ClosesEveryExpiryAndCancelsItsOrders) {
  auto engine = blocked({"ES"});
  engine.on(order(7).on(es()).sell(1).stop("5000").status(OrderStatus::suspended));
  EXPECT_EQ(asked(engine.on(position(es()).long_(1))), "close ES, cancel 7") << "a child that waits";
  EXPECT_EQ(asked(engine.on(position(contract("EP", "Z26")).long_(1))), "close ES");
  EXPECT_EQ(asked(engine.on(position(mes()).long_(1))), "");
}

TEST(SymbolBlocks, TheStopOfAPositionGoesOnceThePositionHasGone) {
  auto engine = blocked({"ES"});
  engine.on(position(es()).long_(1));
  EXPECT_EQ(asked(engine.on(order(7).on(es()).sell(1).stop("5000"))), "");
  EXPECT_EQ(asked(engine.on(position(es()).flat())), "cancel 7");
}

TEST(SymbolBlocks, TheSymbolOfAnOrderIsASecondSource) {
  auto engine = blocked({"RTY"});
  const auto odd =
      order(7).on(ContractId{"X"}).buy(1).limit("1").with([](Order& o) { o.symbol = SymbolId{"F.US.RTY"}; });
  EXPECT_EQ(asked(engine.on(odd)), "cancel 7");
}

TEST(SymbolBlocks, BlocksTheFamilyWhenTold) {
  auto engine = blocked({"ES"}, {{"block_family", "true"}});
  EXPECT_EQ(asked(engine.on(position(mes()).long_(1))), "close MES");
}

TEST(SymbolBlocks, AlertsOnlyWhenTold) {
  auto engine = blocked({"ES"}, {{"close_existing", "false"}, {"action", "ALERT"}});
  EXPECT_EQ(engine.on(position(es()).long_(1)).breaches.size(), 1u);
  EXPECT_EQ(engine.on(order(7).on(es()).buy(1).limit("1")).breaches.size(), 1u);
  EXPECT_EQ(asked(engine.last), "");
}

TEST(SymbolBlocks, AReloadBlocksWhatIsOpen) {
  auto engine = blocked({"RTY"});
  engine.on(position(es()).long_(1));
  auto wider = blocked({"RTY", "ES"});
  engine.engine().use_rules(std::make_shared<rules::RuleSet>(wider.rules()));
  EXPECT_EQ(asked(engine.happen(ConfigReloaded{})), "close ES");
}

TEST(SymbolBlocks, AnOrderMayNameItsInstrumentBySymbolAlone) {
  auto engine = blocked({"RTY"});
  Order unknown = Order(order(5).on(ContractId{"CON.F.US.UNHEARD.U26"}).buy(1));
  EXPECT_EQ(asked(engine.happen(unknown)), "");
  unknown.id = OrderId{6};
  unknown.symbol = SymbolId{"F.US.RTY"};
  EXPECT_NE(asked(engine.happen(unknown)), "");
  unknown.id = OrderId{7};
  unknown.symbol = SymbolId{"F.US.MNQ"};
  EXPECT_EQ(asked(engine.happen(unknown)), "");
}

} // namespace
} // namespace bulkhead::testing
