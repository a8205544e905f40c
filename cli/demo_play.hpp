#pragma once
// The stage of the demo: what the scripted trader can do, how a breach is told, and the judge who compares
// the gateway's book and the daemon's status with what the rule demands. Used by the main thread.

#include "cli/demo_timeline.hpp"
#include "cli/demo_world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::cli {

/// How an account must stand when its act is over.
struct DemoEnding {
  int open_positions = 0;
  int live_orders = 0;
  std::string locked; // scope of the lockout, empty: none
};

class DemoPlay {
public:
  explicit DemoPlay(DemoWorld& world);

  [[nodiscard]] bool wait_until_ready(const std::vector<model::AccountId>& accounts);

  void title(const std::string& text);
  /// What the trader does, in words; and from here on the story of this account is told.
  void trader(const std::string& text);
  /// A trader needs a moment between two clicks; meanwhile the lanes grow with the book.
  static void pause();

  void quote(const model::ContractId& contract, std::string_view last);
  void buy(model::AccountId account, const model::ContractId& contract, std::int32_t size);
  void sell(model::AccountId account, const model::ContractId& contract, std::int32_t size);
  void rest_order(model::AccountId account, model::OrderType type, model::Side side,
                  const model::ContractId& contract, std::string_view price);
  /// A round trip of one contract that ends with exactly this gross result.
  void lose(model::AccountId account, const model::ContractId& contract, std::string_view pnl);
  void permit(model::AccountId account, bool can_trade);

  /// Waits for the match and tells what happened since the trader last did something. False: it did not come.
  bool story(model::AccountId account, const DemoTimeline::Match& match);
  /// The same, for the proof of an enforcement.
  bool proof(model::AccountId account) { return story(account, certificate_of(account)); }
  bool judge(model::AccountId account, const DemoEnding& demanded);

  [[nodiscard]] DemoWorld& world() noexcept { return world_; }

private:
  [[nodiscard]] bool stands(model::AccountId account, const DemoEnding& demanded, std::string& as);

  DemoWorld& world_;
  DemoTimeline timeline_;
  std::size_t from_ = 0; // where the present story begins
};

} // namespace bulkhead::cli
