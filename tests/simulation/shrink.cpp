#include "tests/simulation/shrink.hpp"

#include <algorithm>

namespace bulkhead::simulation {
namespace {

using model::Duration;
using namespace std::chrono_literals;

class Shrinker {
public:
  Shrinker(Plan plan, int plays) : best_(std::move(plan)), left_(plays) {}

  Plan run() {
    fewer_faults();
    for (Duration step = best_.until / 2; step >= 10min && left_ > 0; step /= 2) {
      while (best_.until > best_.from + step && try_it([&](Plan& plan) { plan.until -= step; })) {
      }
    }
    for (Duration step = best_.until / 2; step >= 10min && left_ > 0; step /= 2) {
      while (best_.from + step < best_.until && try_it([&](Plan& plan) { plan.from += step; })) {
      }
    }
    fewer_faults();
    return best_;
  }

private:
  /// Halves, quarters, ... of the list are left out where the day still fails.
  void fewer_faults() {
    for (auto size = std::max<std::size_t>(best_.faults.size() / 2, 1); left_ > 0; size /= 2) {
      for (std::size_t at = 0; at < best_.faults.size() && left_ > 0;) {
        const bool gone = try_it([&](Plan& plan) {
          const auto from = plan.faults.begin() + static_cast<std::ptrdiff_t>(at);
          const auto count = static_cast<std::ptrdiff_t>(std::min(size, plan.faults.size() - at));
          plan.faults.erase(from, from + count);
        });
        if (!gone) at += size;
      }
      if (size <= 1) return;
    }
  }

  template <class Change>
  bool try_it(Change change) {
    if (left_-- <= 0) return false;
    Plan smaller = best_;
    change(smaller);
    if (play(smaller).good()) return false;
    best_ = std::move(smaller);
    return true;
  }

  Plan best_;
  int left_;
};

} // namespace

Plan shrunk(Plan plan, int most_plays) { return Shrinker(std::move(plan), most_plays).run(); }

} // namespace bulkhead::simulation
