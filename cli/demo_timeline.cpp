#include "cli/demo_timeline.hpp"

#include "model/trading_calendar.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace bulkhead::cli {
namespace {

using actors::Activity;
using actors::Certificate;

void line(std::ostream& out, const char* what, const std::string& text) {
  out << fmt::format("    {:<10}{}\n", what, text);
}

void print(std::ostream& out, const Activity& activity, const model::Decision& decision,
           const std::string& zone) {
  for (const auto& breach : decision.breaches) {
    line(out, "breach",
         fmt::format("{} {}: {} against {}  (on a {} event)", to_string(breach.source), breach.reason,
                     to_string(breach.actual), to_string(breach.limit), activity.trigger));
  }
  for (const auto& intent : decision.intents) {
    if (intent.source != model::Source::gate()) continue;
    line(out, "gate",
         fmt::format("{} {}: {}  (on a {} event)", to_string(intent.kind), intent.contract.value,
                     intent.reason, activity.trigger));
  }
  for (const auto& row : decision.lockouts_set) {
    const auto scope = row.symbol ? "symbol " + row.symbol->value : "the account";
    const auto end = row.expires_at ? fmt::format("{} ({})", model::format_instant(*row.expires_at),
                                                  model::format_local(*row.expires_at, zone))
                                    : "an admin clears it";
    line(out, "locked",
         fmt::format("{} until {}{}", scope, end, activity.durable ? ", on disk" : ", NOT YET ON DISK"));
  }
  for (const auto& alert : decision.alerts) line(out, "warning", alert.text);
}

void print(std::ostream& out, const Activity&, const Certificate& certificate, const std::string&) {
  const bool from_frame = certificate.stamps.received != 0;
  const auto start = from_frame ? certificate.stamps.received : certificate.stamps.decided;
  const char* since = from_frame ? "the event" : "the decision";
  const auto micros = [&](actors::MonotonicNanos at) { return (at - start) / 1000; };
  for (const auto& request : certificate.requests) {
    line(out, "request",
         fmt::format("{:<36} sent {:>5} µs after {}, {} at {} µs", request.what, micros(request.written),
                     since, request.result, micros(request.replied)));
  }
  line(out, certificate.achieved ? "proof" : "NOT FLAT",
       fmt::format("the gateway shows {} ({} read{}, {} µs after {})", certificate.detail, certificate.reads,
                   certificate.reads == 1 ? "" : "s", micros(certificate.verified), since));
}

void print(std::ostream& out, const Activity&, const model::Alert& alert, const std::string&) {
  if (alert.severity != model::Alert::Severity::info || alert.code == "stop-managed")
    line(out, "alert", fmt::format("{}: {}", alert.code, alert.text));
}

} // namespace

void DemoTimeline::add(const Activity& activity) {
  const std::lock_guard lock(mutex_);
  activities_.push_back(activity);
  grown_.notify_all();
}

std::optional<std::size_t> DemoTimeline::wait_for(std::size_t from, std::chrono::milliseconds timeout,
                                                  const Match& match) {
  std::unique_lock lock(mutex_);
  std::size_t next = from;
  std::optional<std::size_t> found;
  const auto look = [&] {
    for (; next < activities_.size(); ++next) {
      if (!match(activities_[next])) continue;
      found = next;
      return true;
    }
    return false;
  };
  grown_.wait_for(lock, timeout, look);
  return found;
}

std::size_t DemoTimeline::size() const {
  const std::lock_guard lock(mutex_);
  return activities_.size();
}

std::vector<Activity> DemoTimeline::of(model::AccountId account, std::size_t from, std::size_t to) const {
  const std::lock_guard lock(mutex_);
  std::vector<Activity> out;
  for (std::size_t i = from; i < to && i < activities_.size(); ++i) {
    if (activities_[i].account == account) out.push_back(activities_[i]);
  }
  // Breaches are told once they are on disk, so a proof may overtake them.
  std::stable_sort(out.begin(), out.end(), [](const Activity& a, const Activity& b) { return a.at < b.at; });
  return out;
}

DemoTimeline::Match certificate_of(model::AccountId account) {
  return [account](const Activity& a) {
    return a.account == account && std::holds_alternative<Certificate>(a.what);
  };
}

DemoTimeline::Match lockout_of(model::AccountId account) {
  return [account](const Activity& a) {
    const auto* decision = std::get_if<model::Decision>(&a.what);
    return a.account == account && decision != nullptr && !decision->lockouts_set.empty();
  };
}

DemoTimeline::Match alert_of(model::AccountId account, std::string code) {
  return [account, code = std::move(code)](const Activity& a) {
    const auto* alert = std::get_if<model::Alert>(&a.what);
    return a.account == account && alert != nullptr && alert->code == code;
  };
}

void print_story(std::ostream& out, const std::vector<Activity>& activities, const std::string& zone) {
  for (const auto& activity : activities) {
    std::visit([&](const auto& what) { print(out, activity, what, zone); }, activity.what);
  }
}

} // namespace bulkhead::cli
