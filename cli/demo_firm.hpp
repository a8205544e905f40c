#pragma once
// The demo's other play: one trader with two accounts of a firm who loses, takes revenge and does not stop.
// One account is watched with the firm's figures from its profile, the other by nobody. Used by the main
// thread.

#include "cli/demo_play.hpp"

#include <filesystem>

namespace bulkhead::cli {

class FirmDay {
public:
  /// "topstep_50k" means topstep_50k_combine where there is no profile of that name. Errors: not_found with
  /// the profiles there are; malformed for one without a loss limit.
  [[nodiscard]] static model::Result<FirmDay> find(const std::string& name);

  [[nodiscard]] DemoScript script(std::uint16_t control_port) const;
  /// True: the watched account is flat, locked and above the firm's floor.
  [[nodiscard]] bool perform(DemoPlay& play) const;

private:
  FirmDay() = default;
  [[nodiscard]] bool play_day(DemoPlay& play) const;
  [[nodiscard]] bool compare(DemoPlay& play) const;

  std::filesystem::path file_;
  std::string title_;
  model::Money start_;
  model::Money max_loss_;
  model::Money daily_loss_; // the firm's, or half of max_loss
  bool daily_is_firms_ = false;
};

} // namespace bulkhead::cli
