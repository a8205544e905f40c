#pragma once
// The record an enforcement leaves: fed by the Enforcer while it runs, turned into a Certificate at its end.
// Pure. Bounds: 256 request traces, 256 fills; what is beyond is counted.

#include "actors/messages.hpp"

#include <map>
#include <optional>
#include <vector>

namespace bulkhead::actors {

class EnforcerRecord {
public:
  /// The first order of an enforcement gives it its stamps and its reason; later ones join it.
  void begin(model::AccountId account, const Enforce& order);
  void join(const Enforce& order);
  void add(const model::EnforcementIntent& intent);
  void add(RequestTrace trace);
  void add_read() { ++certificate_.reads; }
  /// A live event showed the contract at its target.
  void reached(const model::ContractId& contract, MonotonicNanos received);
  void add(const model::Fill& fill);
  /// A close or cancel came to its end; fills of its contract are added to it. The answer is valid until the
  /// next call.
  const CloseResult& finish(CloseResult result);
  /// What the read that proved the last target showed.
  void proved(MonotonicNanos verified, std::string proof);
  [[nodiscard]] bool empty() const noexcept { return certificate_.done.empty(); }
  [[nodiscard]] bool has_results() const noexcept { return !results_.empty(); }
  /// Ends the record and empties it.
  [[nodiscard]] Certificate close();

private:
  struct Filled {
    std::int64_t size = 0;
    std::int64_t price_times_size = 0; // nanos; saturated sizes of a broken feed are refused
    std::optional<model::Money> pnl;
    std::optional<model::Money> slipped;
  };
  [[nodiscard]] std::optional<Filled> filled(const CloseResult& result) const;

  Certificate certificate_;
  std::map<model::ContractId, DecisionMark> marks_;
  std::map<model::ContractId, std::int32_t> held_; // signed, when decided
  std::vector<model::Fill> fills_;
  std::vector<CloseResult> results_;
};

} // namespace bulkhead::actors
