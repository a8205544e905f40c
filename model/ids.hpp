#pragma once
// One strong type per identifier, so that an order id can never be passed where an account id is meant.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace bulkhead::model {

template <class Tag, class Rep>
struct StrongId {
  using rep = Rep;
  Rep value{};

  StrongId() = default;
  explicit StrongId(Rep v) : value(std::move(v)) {}
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  friend bool operator==(const StrongId&, const StrongId&) = default;
};

using AccountId = StrongId<struct AccountTag, std::int64_t>;
using OrderId = StrongId<struct OrderTag, std::int64_t>; // above 3.4e9 on the wire: 64 bit
using FillId = StrongId<struct FillTag, std::int64_t>;   // the gateway calls it a trade id
using PositionId = StrongId<struct PositionTag, std::int64_t>;
using ContractId = StrongId<struct ContractTag, std::string>; // "CON.F.US.MNQ.U26": one expiry
using SymbolId = StrongId<struct SymbolTag, std::string>;     // "F.US.MNQ": all expiries
using Root = StrongId<struct RootTag, std::string>; // the trader's symbol, upper case: "ES", never "EP"
using CredentialId = StrongId<struct CredentialTag, std::string>; // user name @ REST host

/// Counts the life of a position: grows whenever a contract goes from flat to open or flips sign.
using Epoch = std::uint32_t;

[[nodiscard]] inline std::string to_string(const std::string& text) { return text; }
template <class Tag, class Rep>
[[nodiscard]] std::string to_string(const StrongId<Tag, Rep>& id) {
  using std::to_string;
  return to_string(id.value);
}

} // namespace bulkhead::model

template <class Tag, class Rep>
struct std::hash<bulkhead::model::StrongId<Tag, Rep>> {
  std::size_t operator()(const bulkhead::model::StrongId<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
