#pragma once
// The contracts the simulated gateway lists, with the gateway's own tick sizes and values (they differ from
// exchange tables), usual fees per side and a plausible first price. A constant table; any thread may call.

#include "model/contract.hpp"

#include <string>
#include <vector>

namespace bulkhead::simulator {

struct ListedContract {
  model::Contract contract;
  std::string display_name; // "MNQU26": two year digits, unlike the name
  model::Price first_price;
  model::Money fees;        // per contract and side
  model::Money commissions; // per contract and side
};

/// Eleven active contracts and one rolled one (CON.F.US.MNQ.M26), which resolves by id but accepts no order.
[[nodiscard]] std::vector<ListedContract> listed_contracts();

} // namespace bulkhead::simulator
