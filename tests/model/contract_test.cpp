#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;

// Every product the gateway offers: its symbol, and the ticker traders use.
const std::vector<std::pair<const char*, const char*>> products = {
    {"EP", "ES"},   {"MES", "MES"}, {"ENQ", "NQ"},  {"MNQ", "MNQ"},  {"RTY", "RTY"}, {"M2K", "M2K"},
    {"YM", "YM"},   {"MYM", "MYM"}, {"NKD", "NKD"}, {"EMD", "EMD"},  {"CLE", "CL"},  {"MCLE", "MCL"},
    {"NQM", "QM"},  {"NGE", "NG"},  {"MNG", "MNG"}, {"NQG", "QG"},   {"HOE", "HO"},  {"RBE", "RB"},
    {"GCE", "GC"},  {"MGC", "MGC"}, {"SIE", "SI"},  {"SIL", "SIL"},  {"CPE", "HG"},  {"MHG", "MHG"},
    {"PLE", "PL"},  {"EU6", "6E"},  {"M6E", "M6E"}, {"EEU", "E7"},   {"BP6", "6B"},  {"M6B", "M6B"},
    {"DA6", "6A"},  {"M6A", "M6A"}, {"CA6", "6C"},  {"GMCD", "MCD"}, {"JY6", "6J"},  {"SF6", "6S"},
    {"NE6", "6N"},  {"MX6", "6M"},  {"TUA", "ZT"},  {"FVA", "ZF"},   {"TYA", "ZN"},  {"TNA", "TN"},
    {"USA", "ZB"},  {"ULA", "UB"},  {"SR3", "SR3"}, {"ZCE", "ZC"},   {"ZWA", "ZW"},  {"ZSE", "ZS"},
    {"ZME", "ZM"},  {"ZLE", "ZL"},  {"HE", "HE"},   {"GLE", "LE"},   {"GF", "GF"},   {"MBT", "MBT"},
    {"GMET", "MET"}};

TEST(RootTable, KnowsTheTickerOfEveryProductOfTheGateway) {
  const auto roots = RootTable::standard();
  for (const auto& [symbol, ticker] : products) {
    EXPECT_EQ(roots.root_of(contract(symbol)).value, ticker) << symbol;
    EXPECT_EQ(roots.root_of_symbol(std::string("F.US.") + symbol).value, ticker) << symbol;
  }
}

TEST(RootTable, AcceptsTheTickerWhereverTheGatewaySymbolIsAccepted) {
  const auto roots = RootTable::standard();
  for (const auto& [symbol, ticker] : products) {
    EXPECT_EQ(roots.canonical(ticker).value, ticker);
    EXPECT_EQ(roots.canonical(symbol).value, ticker);
  }
}

TEST(RootTable, ReadsWhatTradersWriteInAnyCase) {
  const auto roots = RootTable::standard();
  for (const auto* text : {"ep", "EP", "Ep", "es", "ES"})
    EXPECT_EQ(roots.canonical(text), Root{"ES"}) << text;
  EXPECT_EQ(roots.canonical("mnq"), Root{"MNQ"});
  EXPECT_EQ(roots.canonical("nobody"), Root{"NOBODY"});
}

TEST(RootTable, ExpiriesOfOneSymbolShareTheirRoot) {
  const auto roots = RootTable::standard();
  EXPECT_EQ(roots.root_of(contract("EP", "U26")), roots.root_of(contract("EP", "Z26")));
}

TEST(RootTable, AnIdOfAnotherShapeIsItsOwnRoot) {
  const auto roots = RootTable::standard();
  for (const auto* id : {"", "MNQU6", "CON.F.US.MNQ", "CON.F.US.MNQ.U26.X", "F.US.MNQ", "CON.F.US..U26",
                         "CON.F.US.MNQ.2026", "XON.F.US.MNQ.U26", "...."}) {
    EXPECT_FALSE(has_contract_shape(ContractId{id})) << id;
    EXPECT_EQ(roots.root_of(ContractId{id}).value, id);
  }
  EXPECT_TRUE(has_contract_shape(mnq()));
}

TEST(RootTable, AnAliasIsAnotherSpellingOfItsRoot) {
  auto roots = RootTable::standard();
  roots.add_alias("spoos", "es");
  EXPECT_EQ(roots.canonical("SPOOS"), Root{"ES"});
  EXPECT_EQ(roots.root_of(contract("SPOOS")), Root{"ES"});
}

TEST(RootTable, AnAliasOfAGatewaySymbolReachesTheTicker) {
  auto roots = RootTable::standard();
  roots.add_alias("SPOOS", "EP");
  EXPECT_EQ(roots.canonical("SPOOS"), Root{"ES"});
}

TEST(RootTable, MicrosBelongToTheFamilyOfTheirFullSize) {
  const auto roots = RootTable::standard();
  const std::vector<std::pair<const char*, const char*>> families = {
      {"ES", "ES"},   {"MES", "ES"}, {"NQ", "NQ"},  {"MNQ", "NQ"}, {"RTY", "RTY"}, {"M2K", "RTY"},
      {"YM", "YM"},   {"MYM", "YM"}, {"CL", "CL"},  {"MCL", "CL"}, {"GC", "GC"},   {"MGC", "GC"},
      {"NKD", "NKD"}, {"ZN", "ZN"},  {"M6E", "6E"}, {"SIL", "SI"},
  };
  for (const auto& [root, family] : families) EXPECT_EQ(roots.family_of(Root{root}), Root{family}) << root;
}

TEST(RootTable, AMiniWeighsTenMicros) {
  const auto roots = RootTable::standard();
  EXPECT_EQ(roots.weight_tenths(Root{"ES"}), 10);
  EXPECT_EQ(roots.weight_tenths(Root{"MES"}), 1);
  EXPECT_EQ(roots.weight_tenths(Root{"NOBODY"}), 10);
}

TEST(RootTable, AWeightOfItsOwnBeatsTheWeightOfAllMicros) {
  auto roots = RootTable::standard();
  roots.set_weight("mnq", 2);
  roots.set_weight("EP", 20);
  roots.set_micro_weight(5);
  EXPECT_EQ(roots.weight_tenths(Root{"MNQ"}), 2);
  EXPECT_EQ(roots.weight_tenths(Root{"ES"}), 20);
  EXPECT_EQ(roots.weight_tenths(Root{"MES"}), 5);
  EXPECT_EQ(roots.weight_tenths(Root{"NQ"}), 10);
}

TEST(Account, AnAbsentFieldKeepsWhatWasLastKnown) {
  Account stored = account().name("PRAC").balance("151210.14").can_trade(false).simulated(true);
  merge(stored, account().balance("150000").build());
  const Account expected = account().name("PRAC").balance("150000").can_trade(false).simulated(true);
  EXPECT_EQ(stored, expected);
}

TEST(Account, APresentFieldReplacesWhatWasKnown) {
  Account stored = account().name("old").balance("1").can_trade(false).simulated(true);
  stored.is_visible = true;
  Account update = account().name("new").balance("2").can_trade(true).simulated(false);
  update.is_visible = false;
  merge(stored, update);
  EXPECT_EQ(stored, update);
}

} // namespace
} // namespace bulkhead::model
