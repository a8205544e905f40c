#pragma once
// Who is told of a quote: the accounts whose band it leaves, and those that stated none. Per contract the
// bands lie sorted by their ends, so that a quote inside all of them touches no account, however many there
// are. At most one parcel per account is under way; what comes meanwhile stays on the board, merged, and is
// weighed against the bands that the account states in its answer. An event on its way to an account may make
// its bands wrong: it then looks at the board before it takes the event and states new bands after, against
// which all that came between is weighed, so that nothing is missed. Owned by the router; single-threaded.
// Memory: a fixed amount per account and contract watched.

#include "actors/quote_board.hpp"
#include "model/band.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace bulkhead::actors {

class QuoteFanout {
public:
  /// Quotes for one account, and the number up to which they tell everything. Prices inside their bands come
  /// first: they decide nothing by themselves, and those that do must meet them.
  struct Parcel {
    model::AccountId account;
    std::vector<model::Event> quotes;
    std::uint64_t number = 0;
  };
  using Send = std::function<void(Parcel)>;
  /// An account is shown what was kept back from it once in so many calls of show().
  static constexpr std::size_t turns = 10;

  QuoteFanout(std::shared_ptr<QuoteBoard> board, Send send);

  /// It begins, anew perhaps: nothing is under way, nothing stated.
  void begin(model::AccountId account);
  void watch(model::AccountId account, const std::set<model::ContractId>& contracts);
  [[nodiscard]] std::set<model::AccountId> watchers(const model::ContractId& contract) const;
  void quote(const model::Event& event, const model::QuoteUpdate& update);
  /// `taken`: it knows of the parcel under way.
  void state(model::AccountId account, const model::Bands& bands, bool taken);
  /// Tells the next part of the accounts what was kept back from them. False once there was none for all.
  bool show();

private:
  struct Watch {
    std::uint64_t sent = 0;
    std::optional<model::Band> band; // and it is in the ends of the contract
  };
  struct Holder {
    std::map<model::ContractId, Watch> watches;
    bool busy = false;
  };
  /// Where the bands end at which one price of a contract is left.
  struct Ends {
    std::set<std::pair<model::Price, model::AccountId>> lows, highs;
    void add(const model::PriceRange& range, model::AccountId account);
    void remove(const model::PriceRange& range, model::AccountId account);
    void left_at(model::Price price, std::vector<model::AccountId>& out) const;
  };
  struct Contract {
    std::set<model::AccountId> all, open; // open: without a band
    Ends last, bid, ask;
  };

  void set_band(model::AccountId account, const model::ContractId& contract, Watch& watch,
                std::optional<model::Band> band);
  void open(model::AccountId account, Holder& holder);
  void forget(model::AccountId account, const model::ContractId& contract, Watch& watch);
  /// What there is to tell, if it does not wait for an answer.
  void deliver(model::AccountId account, Holder& holder);

  std::shared_ptr<QuoteBoard> board_;
  Send send_;
  std::map<model::AccountId, Holder> holders_;
  std::map<model::ContractId, Contract> contracts_;
  std::array<std::set<model::AccountId>, turns> turns_;
  std::vector<model::AccountId> left_; // of the quote at hand
  std::size_t turn_ = 0;
  std::uint64_t shown_ = 0; // the number when the last round began
};

} // namespace bulkhead::actors
