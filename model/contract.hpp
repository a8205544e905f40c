#pragma once
// Contracts, and the words for them: a contract id names one expiry (CON.F.US.EP.U26), a root is the trader's
// symbol (ES), a family is one underlying in several sizes (ES and MES).

#include "model/ids.hpp"
#include "model/money.hpp"

#include <map>
#include <string>
#include <string_view>

namespace bulkhead::model {

struct Contract {
  ContractId id;
  std::string name; // "MNQU6"
  std::string description;
  TickSpec tick; // from the gateway only; its figures differ from exchange tables for several products
  SymbolId symbol;
  bool active = true;
  friend bool operator==(const Contract&, const Contract&) = default;
};

/// Roots, aliases, families and weights. A value: build once from the configuration, share read-only.
class RootTable {
public:
  /// The gateway's symbols of rules.md 3.6 and gateway-api 6.2 (EP is ES, ENQ is NQ, ...).
  [[nodiscard]] static RootTable standard();

  /// Makes `alias` another spelling of `root`. Both are upper-cased.
  void add_alias(std::string_view alias, std::string_view root);
  /// Weight of one contract in tenths of a mini (mini 10, micro 1).
  void set_weight(std::string_view root, int tenths);
  /// Sets the weight of every root that is a micro and has no weight of its own.
  void set_micro_weight(int tenths) { micro_weight_ = tenths; }

  /// The root of a contract or symbol id: its fourth (CON.F.US.X.U26) or last (F.US.X) part through the
  /// aliases; an id of another shape is its own root.
  [[nodiscard]] Root root_of(const ContractId& contract) const;
  [[nodiscard]] Root root_of_symbol(std::string_view symbol_id) const;
  /// The canonical root of what a trader wrote: "ep", "EP" and "ES" are all ES.
  [[nodiscard]] Root canonical(std::string_view text) const;
  /// ES for ES and MES; a root without relatives is its own family.
  [[nodiscard]] Root family_of(const Root& root) const;
  [[nodiscard]] int weight_tenths(const Root& root) const;

private:
  std::map<std::string, std::string, std::less<>> aliases_;
  std::map<std::string, int, std::less<>> weights_;
  int micro_weight_ = 1;
};

/// True when the id has the shape CON.F.<region>.<symbol>.<month><yy>.
[[nodiscard]] bool has_contract_shape(const ContractId& contract);

} // namespace bulkhead::model
