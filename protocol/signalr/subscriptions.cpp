#include "protocol/signalr/subscriptions.hpp"

#include "protocol/signalr/message_writer.hpp"

#include <algorithm>
#include <charconv>

namespace bulkhead::protocol::signalr {

bool Subscriptions::add(std::string key, std::string target, std::string arguments) {
  const auto known =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
  if (known != entries_.end()) {
    if (known->target == target && known->arguments == arguments) return true;
    *known = Entry{std::move(key), std::move(target), std::move(arguments), retry_, Phase::to_ask, 0, {}};
    return true;
  }
  if (entries_.size() >= most) return false;
  entries_.push_back({std::move(key), std::move(target), std::move(arguments), retry_, Phase::to_ask, 0, {}});
  return true;
}

bool Subscriptions::remove(std::string_view key) {
  return std::erase_if(entries_, [&](const Entry& e) { return e.key == key; }) > 0;
}

void Subscriptions::on_connected() noexcept {
  next_id_ = 0;
  for (auto& entry : entries_) {
    entry.phase = Phase::to_ask;
    entry.retry.reset();
  }
}

bool Subscriptions::advance(model::Instant now, Actions& out) {
  bool sent = false;
  for (auto& entry : entries_) {
    if (entry.phase == Phase::asked && entry.due <= now) refuse(entry, "no answer in time", now, out);
    if (entry.phase == Phase::refused && entry.due <= now) entry.phase = Phase::to_ask;
    if (entry.phase != Phase::to_ask) continue;
    entry.phase = Phase::asked;
    entry.id = next_id_++;
    entry.due = now + patience_;
    out.push_back(SendText{encode_invocation(entry.target, entry.arguments, std::to_string(entry.id))});
    sent = true;
  }
  return sent;
}

Subscriptions::Outcome Subscriptions::on_completion(std::string_view id,
                                                    std::optional<std::string_view> error, model::Instant now,
                                                    Actions& out) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (failed != std::errc{} || end != id.data() + id.size()) return Outcome::unknown_id;
  const auto asked = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& e) { return e.phase == Phase::asked && e.id == number; });
  if (asked == entries_.end()) return Outcome::unknown_id;
  if (error) {
    refuse(*asked, *error, now, out);
    return Outcome::refused;
  }
  asked->phase = Phase::confirmed;
  asked->retry.reset();
  return Outcome::confirmed;
}

void Subscriptions::refuse(Entry& entry, std::string_view error, model::Instant now, Actions& out) {
  entry.phase = Phase::refused;
  entry.due = now + entry.retry.next();
  out.push_back(SubscriptionFailed{entry.target, entry.arguments, std::string(error), entry.due});
}

bool Subscriptions::all_confirmed() const noexcept {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& e) { return e.phase == Phase::confirmed; });
}

std::optional<model::Instant> Subscriptions::next_timer() const noexcept {
  std::optional<model::Instant> next;
  for (const auto& entry : entries_) {
    if (entry.phase != Phase::asked && entry.phase != Phase::refused) continue;
    if (!next || entry.due < *next) next = entry.due;
  }
  return next;
}

} // namespace bulkhead::protocol::signalr
