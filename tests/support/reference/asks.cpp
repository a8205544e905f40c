// What was asked for and still stands.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::reference {
namespace {

using namespace model;

bool names(const IntentReported& report, const Ask& ask) {
  const std::string& id = report.intent.value;
  if (!ask.contract.empty()) return id.find("|" + ask.contract + "|") != std::string::npos;
  return id.find(fmt::format("|order {}|", ask.order)) != std::string::npos;
}

/// Seen from step `from` on to the last event.
std::optional<Standing> look_at(const Ask& ask, std::size_t from, const Story& story) {
  Standing out{ask};
  std::optional<Instant> retry;
  const Events& events = story.events;
  for (std::size_t i = from + 1; i < events.size(); ++i) {
    if (const auto* report = std::get_if<IntentReported>(&events[i].payload);
        report != nullptr && names(*report, ask)) {
      if (report->outcome == IntentOutcome::achieved) return std::nullopt;
      retry = events[i].at + std::chrono::seconds{report->outcome == IntentOutcome::failed ? 30 : 60};
    }
    if (std::holds_alternative<Restarted>(events[i].payload)) out.interrupted = true;
    const Book& book = story.books[i + 1];
    if (ask.contract.empty() && !book.orders.contains(ask.order)) return std::nullopt;
    if (ask.contract.empty()) continue;
    const auto held = book.held.find(ask.contract);
    if (held == book.held.end() || held->second.epoch != ask.epoch ||
        std::abs(held->second.quantity) <= ask.target)
      return std::nullopt;
  }
  out.again = retry && *retry <= events.back().at;
  return out;
}

} // namespace

std::optional<Standing> standing_ask(const Story& story, const std::string& contract, std::int64_t order) {
  for (std::size_t i = story.said.size(); i-- > 0;) {
    for (const auto& ask : story.said[i].asks)
      if (ask.contract == contract && ask.order == order) return look_at(ask, i, story);
  }
  return std::nullopt;
}

bool proven_gone(const Story& story, const std::string& contract, const Held& held) {
  for (std::size_t i = story.said.size(); i-- > 0;) {
    for (const auto& ask : story.said[i].asks) {
      if (ask.contract != contract) continue;
      if (ask.epoch != held.epoch || held.seen > story.events[i].at) return false;
      return std::any_of(story.events.begin() + static_cast<std::ptrdiff_t>(i) + 1, story.events.end(),
                         [&](const Event& event) {
                           const auto* report = std::get_if<IntentReported>(&event.payload);
                           return report != nullptr && report->outcome == IntentOutcome::achieved &&
                                  names(*report, ask);
                         });
    }
  }
  return false;
}

bool enforced(const Story& story, const Fill& fill) {
  const std::string& contract = fill.contract.value;
  const bool closes_long = fill.side == Side::sell;
  constexpr std::chrono::seconds apart{2};
  const auto closing = [&](std::size_t i) {
    const auto it = story.said[i].closing.find(contract);
    return it != story.said[i].closing.end() && it->second == closes_long;
  };
  for (std::size_t i = 0; i < story.said.size(); ++i) {
    if (!closing(i)) continue;
    const Instant from = story.events[i].at;
    while (i < story.said.size() && closing(i)) ++i;
    const bool over = i < story.said.size();
    if (fill.executed_at >= from - apart && (!over || fill.executed_at <= story.events[i].at + apart))
      return true;
  }
  return false;
}

} // namespace bulkhead::reference
