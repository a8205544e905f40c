#include "actors/control_desk.hpp"
#include "actors/memory.hpp"
#include "actors/notifier.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using namespace std::chrono_literals;

constexpr auto watcher_answers_within = 5s;
constexpr auto frame_interval = 500ms;

AccountView silent(model::AccountId account) {
  AccountView view;
  view.account_id = account.value;
  view.responding = false;
  return view;
}

} // namespace

const char* version() noexcept { return BULKHEAD_VERSION; }

ControlDesk::ControlDesk(Self self, ControlDeps deps) : self_(self), deps_(std::move(deps)) {
  for (const auto& account : deps_.config->accounts)
    if (account.enabled) self_->state.accounts.emplace(account.id, account_actor{});
  self_->state.started_at = deps_.clock->now();
  self_->set_error_handler([](caf::error&) {});
  self_->set_down_handler([this](caf::down_msg& down) { self_->state.watchers.remove(down.source); });
}

ControlDesk::Accounts ControlDesk::accounts(std::int64_t wanted) const {
  Accounts out = self_->state.accounts;
  if (wanted != 0) std::erase_if(out, [&](const auto& entry) { return entry.first.value != wanted; });
  return out;
}

StatusReply ControlDesk::head() const {
  StatusReply head;
  head.version = version();
  head.uptime_seconds =
      std::chrono::duration_cast<std::chrono::seconds>(deps_.clock->now() - self_->state.started_at).count();
  return head;
}

void ControlDesk::collect_status(const Accounts& asked, StatusReply head,
                                 std::function<void(StatusReply)> done) {
  const auto put_together = [head = std::move(head),
                             done = std::move(done)](Answers<AccountView> answers) mutable {
    for (auto& [id, view] : answers) head.accounts.push_back(view ? std::move(*view) : silent(id));
    head.connected = !head.accounts.empty() && std::all_of(head.accounts.begin(), head.accounts.end(),
                                                           [](const auto& a) { return a.connected; });
    done(std::move(head));
  };
  ask_all<AccountView>(asked, StatusRequest{}, account_answers_within, put_together);
}

caf::result<StatusReply> ControlDesk::status(const StatusRequest& request) {
  const auto asked = accounts(request.account_id);
  auto reply = head();
  reply.request_id = request.request_id;
  const auto memory = memory_use();
  reply.resident_kib = memory.resident_kib;
  reply.heap_kib = memory.heap_kib;
  if (request.account_id != 0 && asked.empty()) {
    reply.error = codes::no_such_account;
    reply.message = fmt::format("account {} is not configured here", request.account_id);
    return reply;
  }
  auto promise = self_->make_response_promise<StatusReply>();
  collect_status(asked, std::move(reply),
                 [promise](StatusReply done) mutable { promise.deliver(std::move(done)); });
  return promise;
}

caf::result<ControlReply> ControlDesk::watch(const AddWatcher& message) {
  ControlReply reply{message.request_id, "", "", ""};
  if (message.account_id != 0 && accounts(message.account_id).empty())
    reply.error = codes::no_such_account, reply.message = "this account is not configured here";
  else if (!self_->state.watchers.add(message.watcher, message.account_id))
    reply.error = codes::busy, reply.message = "too many are watching already";
  if (!reply.error.empty()) return reply;
  self_->monitor(message.watcher);
  if (!std::exchange(ticking_, true)) self_->delayed_send(self_, frame_interval, TimerCame{});
  return reply;
}

void ControlDesk::take(const Activity& activity) {
  if (self_->state.watchers.empty()) return;
  std::vector<FeedLine> lines;
  for (auto& [severity, text] : log_lines(activity)) {
    lines.push_back({activity.account.value, static_cast<std::uint8_t>(severity),
                     model::format_instant(activity.at, 3), std::move(text)});
  }
  self_->state.watchers.take(lines);
}

void ControlDesk::tick() {
  ticking_ = !self_->state.watchers.empty();
  if (!ticking_) return;
  collect_status(accounts(0), head(), [this](const StatusReply& status) { show_frames(status); });
  self_->delayed_send(self_, frame_interval, TimerCame{});
}

void ControlDesk::show_frames(const StatusReply& status) {
  for (auto& due : self_->state.watchers.frames(status)) {
    const auto address = due.watcher.address();
    self_->request(due.watcher, watcher_answers_within, std::move(due.frame))
        .then([this, address](bool) { self_->state.watchers.shown(address); },
              [this, address](caf::error&) { self_->state.watchers.remove(address); });
  }
}

control_backend_actor::behavior_type control(ControlDesk::Self self, ControlDeps deps) {
  const auto desk = std::make_shared<ControlDesk>(self, std::move(deps));
  return {
      [=](const StatusRequest& m) { return desk->status(m); },
      [=](const ControlRequest& m) { return desk->answer(m); },
      [=](const AddWatcher& m) { return desk->watch(m); },
      [=](const AccountStarted& m) { self->state.accounts.insert_or_assign(m.account, m.handle); },
      [=](const Activity& m) { desk->take(m); },
      [=](const TimerCame&) { desk->tick(); },
  };
}

} // namespace bulkhead::actors
