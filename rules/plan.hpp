#pragma once
// What one step wants to become true, before it is compared with what is already under way: the strongest
// wish per contract, and the orders that must be gone. Merging is independent of the order in which the
// wishes come.

#include "model/ids.hpp"
#include "model/source.hpp"
#include "rules/rule.hpp"

#include <map>
#include <string>

namespace bulkhead::rules {

struct Wish {
  std::int32_t target = 0; // largest |quantity| that may remain; positions only
  model::Source source;
  std::string reason;
};

struct Plan {
  std::map<model::ContractId, Wish> at_most;
  std::map<model::OrderId, Wish> cancel;

  void want(const AtMost& target, model::Source source, const std::string& reason);
  void want_gone(model::OrderId order, model::Source source, const std::string& reason);
};

} // namespace bulkhead::rules
