#pragma once
// The naive reference beside one account: hears what the engine hears, and every decision must be the same.
// It looks at the whole story at each step, so it only goes along for the first part of a day, and leaves
// when something happens that it was not made for: other rules, or a read that live events have overtaken.
// Owned by the watch of one simulated day.

#include "model/decision.hpp"
#include "tests/support/reference/reference.hpp"

#include <optional>
#include <string>

namespace bulkhead::simulation {

class Oracle {
public:
  Oracle(reference::Rules rules, std::size_t most_steps) : rules_(std::move(rules)), left_(most_steps) {}
  [[nodiscard]] bool listens() const { return left_ > 0; }
  void leave() { left_ = 0; }
  /// Before the engine: what it is about to hear.
  void hear(const model::Event& event, const model::LockoutSet& lockouts);
  /// After it: the difference; none when both say the same.
  [[nodiscard]] std::optional<std::string> compare(const model::Decision& decision);
  [[nodiscard]] std::uint64_t compared() const { return compared_; }

private:
  [[nodiscard]] bool understands(const model::Event& event);

  reference::Rules rules_;
  reference::Story story_;
  model::LockoutSet before_;
  model::Instant book_heard_; // when the last live word on the book came
  std::size_t left_;
  std::uint64_t compared_ = 0;
  bool heard_ = false;
};

} // namespace bulkhead::simulation
