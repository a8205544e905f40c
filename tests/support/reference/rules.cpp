// The rules' conditions, from the book alone.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

using Sizes = std::map<std::string, Held>;

std::string group_of(const std::string& contract, bool minis) {
  return minis ? family_of(root_of(contract)) : root_of(contract);
}
int weight_of(const std::string& contract, bool minis) { return minis ? tenths_of(root_of(contract)) : 1; }

int count(const Sizes& held, const std::string& how, bool minis) {
  std::map<std::string, int> sums;
  for (const auto& [contract, position] : held) {
    const bool alone = how == "gross" || !position.sided;
    const std::string key = alone ? "alone " + contract : how == "net" ? group_of(contract, minis) : "all";
    sums[key] += position.quantity * weight_of(contract, minis);
  }
  int total = 0;
  for (const auto& [key, sum] : sums) total += std::abs(sum);
  return total;
}

struct Reduction {
  int limit = 0;
  std::string how;
  bool minis = false;
  bool whole = false;
  bool newest = false;
};

/// One contract after the other, always from the one whose turn it is, as long as that lowers the count.
std::map<std::string, int> reduce(Sizes held, const Reduction& to) {
  std::vector<std::string> turns;
  for (const auto& [contract, position] : held) turns.push_back(contract);
  const Sizes original = held;
  const auto original_size = [&](const std::string& c) {
    return std::abs(original.at(c).quantity) * weight_of(c, to.minis);
  };
  std::stable_sort(turns.begin(), turns.end(), [&](const std::string& a, const std::string& b) {
    if (!to.newest && original_size(a) != original_size(b)) return original_size(a) > original_size(b);
    return original.at(a).grown > original.at(b).grown;
  });
  std::map<std::string, int> targets;
  for (const auto& contract : turns) {
    Held& position = held.at(contract);
    while (position.quantity != 0 && count(held, to.how, to.minis) > to.limit) {
      const int before = count(held, to.how, to.minis);
      const int was = position.quantity;
      position.quantity += was > 0 ? -1 : 1;
      if (count(held, to.how, to.minis) >= before) {
        position.quantity = was;
        break;
      }
      if (to.whole) position.quantity = 0;
      targets[contract] = std::abs(position.quantity);
    }
  }
  return targets;
}

void keep_what_is_left(const Book& book, Want& want) {
  for (const auto& [contract, held] : book.held) {
    const auto target = want.targets.find(contract);
    const int stays = target == want.targets.end() ? std::abs(held.quantity) : target->second;
    want.lock->kept[contract] = held.quantity < 0 ? -stays : stays;
  }
}

void max_contracts(const Rules::MaxContracts& rule, const Book& book, model::Instant now,
                   std::vector<Want>& out) {
  const int limit = rule.minis ? rule.limit * 10 : rule.limit;
  if (count(book.held, rule.count, rule.minis) <= limit) return;
  Want want;
  want.rule = "RULE-001";
  if (rule.reduce)
    want.targets = reduce(book.held, {limit, rule.count, rule.minis, rule.whole, rule.newest});
  else {
    for (const auto& [contract, held] : book.held) want.targets[contract] = 0;
    want.cancels = raising_orders(book, "");
  }
  if (rule.lock) {
    want.lock = until_reset(want.rule, now);
    want.lock->flatten = !rule.reduce;
    keep_what_is_left(book, want);
  }
  out.push_back(want);
}

/// The limit of a root, or of a family: the first that names it.
std::optional<int> limit_of(const Rules::PerInstrument& rule, const std::string& group) {
  for (const auto& [name, limit] : rule.limits)
    if ((rule.family ? family_of(name) : name) == group) return limit;
  return rule.others;
}

void per_instrument(const Rules::PerInstrument& rule, const Book& book, model::Instant now,
                    std::vector<Want>& out) {
  std::map<std::string, Sizes> groups;
  for (const auto& [contract, held] : book.held) groups[group_of(contract, rule.family)][contract] = held;
  for (const auto& [group, held] : groups) {
    const auto limit = limit_of(rule, group);
    const std::string how = rule.net ? "net" : "gross";
    const int most = rule.family ? 10 * limit.value_or(0) : limit.value_or(0);
    if (!limit || count(held, how, rule.family) <= most) continue;
    Want want;
    want.rule = "RULE-002";
    want.subject = want.contract = held.begin()->first;
    const bool closes = rule.close || most == 0;
    std::set<std::string> roots;
    for (const auto& [contract, position] : held) roots.insert(root_of(contract));
    if (closes) {
      for (const auto& [contract, position] : held) want.targets[contract] = 0;
      for (const auto& root : roots) want.cancels.merge(raising_orders(book, root));
    } else {
      want.targets = reduce(held, {most, how, rule.family, false, true});
    }
    if (rule.lock) {
      want.lock = until_reset(want.rule, now), want.lock->root = group;
      want.lock->flatten = closes;
      keep_what_is_left(book, want);
    }
    for (const auto& root : {"MES", "MNQ", "M2K"})
      if (rule.lock && rule.family && family_of(root) == group) want.lock_also.insert(root);
    out.push_back(want);
  }
}

void daily_loss(const Rules::DailyLoss& rule, const Book& book, model::Instant now, std::vector<Want>& out) {
  if (now >= book.day_end) return; // the day is over, its reset has not come yet
  Micros result = realized(book, rule.net);
  if (rule.with_open) result += open_profit(book) - book.open_at_reset;
  if (result > -Micros{rule.limit} * 1'000'000) return;
  Want want;
  want.rule = "RULE-003";
  want.occasion = book.day_start; // each day's loss is its own
  everything(book, want);
  if (rule.lock) {
    want.lock = until_reset(want.rule, now);
    if (rule.permanent) want.lock->until.reset(), want.lock->ends_at_reset = false;
  }
  out.push_back(want);
}

bool blocked(const Rules::SymbolBlocks& rule, const std::string& contract) {
  const std::string root = root_of(contract);
  if (rule.roots.contains(root)) return true;
  return rule.family && std::any_of(rule.roots.begin(), rule.roots.end(),
                                    [&](const auto& other) { return family_of(other) == family_of(root); });
}

/// Orders that only reduce what is held stay until it is gone.
bool spared(const Book& book, const model::Order& order) {
  return book.held.contains(order.contract.value) && order.status != model::OrderStatus::suspended &&
         !raises(book, order);
}

void symbol_blocks(const Rules::SymbolBlocks& rule, const Book& book, std::vector<Want>& out) {
  std::set<std::int64_t> gone;
  for (const auto& [contract, held] : book.held) {
    if (!blocked(rule, contract)) continue;
    Want want;
    want.rule = "RULE-011", want.subject = want.contract = contract;
    if (rule.close) {
      want.targets[contract] = 0;
      for (const auto& [id, working] : book.orders)
        if (root_of(working.order.contract.value) == root_of(contract) && !spared(book, working.order))
          want.cancels.insert(id);
    }
    gone.insert(want.cancels.begin(), want.cancels.end());
    out.push_back(want);
  }
  for (const auto& [id, working] : book.orders) {
    const auto status = working.order.status;
    const bool resting = status == model::OrderStatus::open || status == model::OrderStatus::pending;
    if (!resting || gone.contains(id) || !blocked(rule, working.order.contract.value)) continue;
    if (spared(book, working.order)) continue;
    Want want;
    want.rule = "RULE-011", want.subject = "order " + std::to_string(id);
    want.cancels.insert(id);
    out.push_back(want);
  }
}

void may_trade(const Rules::MayTrade& rule, const Book& book, std::vector<Want>& out) {
  if (book.account.can_trade != false) return;
  Want want;
  want.rule = "RULE-010";
  everything(book, want);
  want.lock = Row{};
  want.lock->source = want.rule;
  want.lock->ends_with_permission = rule.restore;
  out.push_back(want);
}

} // namespace

int net_tenths(const Book& book) { return count(book.held, "net", true); }

std::map<std::string, int> net_reduction(const Book& book, int tenths) {
  return reduce(book.held, {tenths, "net", true, false, false});
}

const Said* last_look(const Look& look, const std::string& rule) {
  const auto& said = look.story.said;
  for (std::size_t i = said.size(); i-- > 0;)
    if (said[i].evaluated.contains(rule)) return &said[i];
  return nullptr;
}

Findings findings(const Look& look) {
  Findings out;
  const Rules& rules = look.rules;
  const Book& book = look.book();
  const auto looks = [&](const char* rule) { return look.listening.contains(rule); };
  if (rules.max_contracts && looks("RULE-001"))
    max_contracts(*rules.max_contracts, book, look.now(), out.wants);
  if (rules.per_instrument && looks("RULE-002"))
    per_instrument(*rules.per_instrument, book, look.now(), out.wants);
  if (rules.daily_loss && looks("RULE-003")) {
    daily_loss(*rules.daily_loss, book, look.now(), out.wants);
    if (rules.daily_loss->with_open && look.now() < book.day_end && blind_somewhere(book))
      out.cannot_tell.insert({"RULE-003", ""});
  }
  open_profit_rules(look, out);
  if (rules.frequency && looks("RULE-006")) frequency_rule(look, out);
  if (rules.loss_pause && looks("RULE-007")) loss_pause_rule(look, out);
  stops_rule(look, out);
  if (rules.sessions && looks("RULE-009")) sessions_rule(look, out);
  if (rules.may_trade && looks("RULE-010")) may_trade(*rules.may_trade, book, out.wants);
  if (rules.symbol_blocks && looks("RULE-011")) symbol_blocks(*rules.symbol_blocks, book, out.wants);
  manage_rule(look, out);
  firm_rules(look, out);
  balance_rules(look, out);
  trip_rules(look, out);
  clock_rules(look, out);
  order_rules(look, out);
  if (!rules.strict) return out;
  for (auto& want : out.wants) {
    want.targets.clear(), want.cancels.clear();
    everything(book, want);
    want.lock = Row{};
    want.lock->source = want.rule;
    want.lock_also.clear();
  }
  return out;
}

} // namespace bulkhead::reference
