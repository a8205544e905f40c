#pragma once
// The truth of the simulated venue: accounts, contracts, quotes, positions, orders, fills. Pure: no I/O, no
// clock (every operation is told the time and stamps strictly increasing instants), so each scenario is a
// plain unit test. Owned by the simulator's core, io thread only. It keeps every order and fill until it is
// replaced by a new book: a test double's memory, which grows with the trading done.

#include "simulator/book_types.hpp"
#include "simulator/contracts.hpp"
#include "simulator/price_history.hpp"

#include <map>
#include <set>

namespace bulkhead::simulator {

struct BookOptions {
  std::optional<model::Money> fees;        // per contract and side instead of the table's
  std::optional<model::Money> commissions; // likewise
  bool close_cancels_orders = false;       // true: closeContract also cancels the contract's working orders
};

class Book {
public:
  explicit Book(BookOptions options = {});
  void add_account(AccountRow row);
  /// New rows get ids above those of `earlier`, as clients remember ids.
  void continue_ids(const Book& earlier) noexcept;

  [[nodiscard]] const AccountRow* account(model::AccountId id) const;
  [[nodiscard]] std::vector<AccountRow> accounts() const;
  [[nodiscard]] const ListedContract* contract(const model::ContractId& id) const;
  [[nodiscard]] const std::vector<ListedContract>& contracts() const noexcept { return contracts_; }
  [[nodiscard]] const model::Quote* quote(const model::ContractId& id) const;
  [[nodiscard]] const PriceHistory* prices(const model::ContractId& id) const;
  // Of an unknown account: empty.
  [[nodiscard]] std::vector<PositionRow> positions(model::AccountId id) const;
  [[nodiscard]] std::vector<OrderRow> orders(model::AccountId id) const;   // all, by id
  [[nodiscard]] std::vector<model::Fill> fills(model::AccountId id) const; // oldest first
  [[nodiscard]] std::int32_t quantity(model::AccountId id, const model::ContractId& contract) const;

  // The trading endpoints, codes of gateway-api 2.12.
  Outcome place(const PlaceRequest& request, model::Instant at);
  Outcome modify(const ModifyRequest& request, model::Instant at);
  Outcome cancel(model::AccountId account, model::OrderId order, model::Instant at);
  Outcome close_contract(model::AccountId account, const model::ContractId& contract, model::Instant at);
  Outcome partial_close(model::AccountId account, const model::ContractId& contract, std::int32_t size,
                        model::Instant at);

  // What other hands do. Errors: not_found for an unknown account, contract or order; rejected without a
  // price.
  model::Result<Changes> trade(const TradeScript& script, model::Instant at);
  /// Trades until the account holds exactly `quantity` (signed).
  model::Result<Changes> set_position(model::AccountId account, const model::ContractId& contract,
                                      std::int32_t quantity, model::Instant at);
  /// Merges the quote and fills what it touches. `last` alone moves bid to it and ask one tick above.
  model::Result<Changes> set_quote(model::QuoteUpdate quote, model::Instant at);
  model::Result<Changes> set_account(model::AccountId account, const AccountPatch& patch);
  /// The trader cancels an order, whatever the account's rights over the API.
  model::Result<Changes> withdraw(model::AccountId account, model::OrderId order, model::Instant at);
  /// The firm acts: working orders cancelled, positions closed at market, canTrade false.
  model::Result<Changes> liquidate(model::AccountId account, model::Instant at);
  /// Closes or opens trading for every contract; quotes go on.
  void set_market_open(bool open) noexcept { market_open_ = open; }

private:
  struct AccountBook {
    AccountRow row;
    std::map<model::ContractId, PositionRow> positions;
    std::map<model::OrderId, OrderRow> orders;
    std::vector<model::Fill> fills;
    std::set<std::string> tags;
    std::set<model::OrderId> unended; // a day has thousands of orders, and every quote asks for these
    OrderRow& add(OrderRow made);
    /// Those that are live, by id.
    [[nodiscard]] std::vector<OrderRow*> live_orders();
  };
  struct Refusal {
    int code = 0;
    std::optional<std::string> text;
    bool recorded = false; // the order is stored as rejected and streamed
  };
  struct FillScript {
    std::optional<model::Money> pnl;
    std::optional<model::Money> fees;
  };

  // book_orders.cpp
  [[nodiscard]] std::optional<Refusal> refuse(const AccountBook& book, const PlaceRequest& request) const;
  [[nodiscard]] std::optional<std::string> bad_prices(const PlaceRequest& request) const;
  [[nodiscard]] std::optional<std::string> bad_trail(const PlaceRequest& request) const;
  [[nodiscard]] static std::optional<std::string> bad_brackets(const AccountBook& book,
                                                               const PlaceRequest& request);
  [[nodiscard]] OrderRow make_order(const PlaceRequest& request, model::Instant at);
  [[nodiscard]] OrderRow make_child(const OrderRow& entry, const Bracket& bracket, bool stop_loss);
  void cancel_order(AccountBook& book, OrderRow& order, Changes& out);
  void cancel_children(AccountBook& book, model::OrderId parent, Changes& out);

  // book_matching.cpp
  [[nodiscard]] std::optional<model::Price> market_price(const model::ContractId& contract,
                                                         model::Side side) const;
  [[nodiscard]] std::optional<model::Price> touched(const OrderRow& row) const;
  void trail(OrderRow& row) const;
  void match(AccountBook& book, const model::ContractId& contract, Changes& out);
  void fill(AccountBook& book, OrderRow& row, model::Price price, const FillScript& script, Changes& out);
  void book_fill(AccountBook& book, const OrderRow& row, std::int32_t size, std::optional<model::Money> pnl,
                 const std::optional<model::Money>& fees, Changes& out);
  void open_children(AccountBook& book, const OrderRow& entry, Changes& out);
  void cancel_sibling(AccountBook& book, const OrderRow& leg, Changes& out);
  /// A market order out of nowhere. Requires: a price.
  void execute(AccountBook& book, const model::ContractId& contract, model::Side side, std::int32_t size,
               model::Price price, const FillScript& script, Changes& out);

  [[nodiscard]] AccountBook* find(model::AccountId id);
  [[nodiscard]] const AccountBook* find(model::AccountId id) const;
  model::Instant stamp(model::Instant at);
  model::Instant stamp() { return stamp(last_stamp_); }

  BookOptions options_;
  std::vector<ListedContract> contracts_;
  std::map<model::ContractId, model::Quote> quotes_;
  std::map<model::ContractId, PriceHistory> prices_;
  std::map<model::AccountId, AccountBook> books_;
  model::Instant last_stamp_ = model::Instant::min();
  std::int64_t next_order_ = 3'300'000'001;
  std::int64_t next_fill_ = 3'001'000'001;
  std::int64_t next_position_ = 700'000'001;
  bool market_open_ = true;
};

} // namespace bulkhead::simulator
