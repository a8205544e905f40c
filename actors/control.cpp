#include "actors/control.hpp"

#include <algorithm>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Self = control_backend_actor::stateful_pointer<ControlState>;
using namespace std::chrono_literals;

constexpr auto account_answers_within = 500ms;
constexpr auto backend_answers_within = 2s;
constexpr std::size_t longest_request_id = 64;

/// Collects one answer per account; delivered when the last one, or its time-out, came.
struct Collection {
  StatusReply reply;
  std::size_t missing = 0;
  caf::typed_response_promise<StatusReply> promise;

  void add(AccountView view) {
    reply.accounts.push_back(std::move(view));
    if (--missing > 0) return;
    deliver();
  }
  void deliver() {
    std::sort(reply.accounts.begin(), reply.accounts.end(),
              [](const AccountView& a, const AccountView& b) { return a.account_id < b.account_id; });
    reply.connected = !reply.accounts.empty() && std::all_of(reply.accounts.begin(), reply.accounts.end(),
                                                             [](const auto& a) { return a.connected; });
    promise.deliver(std::move(reply));
  }
};

AccountView silent(model::AccountId account) {
  AccountView view;
  view.account_id = account.value;
  view.responding = false;
  return view;
}

caf::result<StatusReply> status(Self self, const Clock& clock, const StatusRequest& request) {
  const auto collection = std::make_shared<Collection>();
  collection->reply.request_id = request.request_id;
  collection->reply.version = version();
  collection->reply.uptime_seconds =
      std::chrono::duration_cast<std::chrono::seconds>(clock.now() - self->state.started_at).count();
  std::map<model::AccountId, account_actor> asked = self->state.accounts;
  if (request.account_id != 0) {
    std::erase_if(asked, [&](const auto& entry) { return entry.first.value != request.account_id; });
    if (asked.empty()) {
      collection->reply.error = "NO_SUCH_ACCOUNT";
      collection->reply.message = fmt::format("account {} is not configured here", request.account_id);
      return std::move(collection->reply);
    }
  }
  auto promise = self->template make_response_promise<StatusReply>();
  collection->promise = promise;
  collection->missing = asked.size();
  if (asked.empty()) collection->deliver();
  for (const auto& [id, account] : asked) {
    if (!account) {
      collection->add(silent(id));
      continue;
    }
    self->request(account, account_answers_within, request)
        .then([=](AccountView& view) { collection->add(std::move(view)); },
              [=, id = id](caf::error&) { collection->add(silent(id)); });
  }
  return promise;
}

} // namespace

const char* version() noexcept { return BULKHEAD_VERSION; }

control_backend_actor::behavior_type control(Self self, std::shared_ptr<const Clock> clock,
                                             const std::vector<model::AccountId>& accounts) {
  for (const auto account : accounts) self->state.accounts.emplace(account, account_actor{});
  self->state.started_at = clock->now();
  return {
      [=](const StatusRequest& m) { return status(self, *clock, m); },
      [=](const AccountStarted& m) { self->state.accounts.insert_or_assign(m.account, m.handle); },
  };
}

control_actor::behavior_type control_front(control_actor::stateful_pointer<ControlFrontState> self,
                                           control_actor backend) {
  // Whatever a peer sends, an error message of it must not end this actor.
  self->set_error_handler([](caf::error&) {});
  return {
      [=](const StatusRequest& m) -> caf::result<StatusReply> {
        if (m.request_id.size() > longest_request_id || m.account_id < 0) {
          StatusReply refused;
          refused.error = "BAD_REQUEST";
          refused.message = "request_id is too long or account_id is negative";
          return refused;
        }
        auto promise = self->make_response_promise<StatusReply>();
        self->request(backend, backend_answers_within, m)
            .then([=](StatusReply& reply) mutable { promise.deliver(std::move(reply)); },
                  [=](caf::error& error) mutable { promise.deliver(std::move(error)); });
        return promise;
      },
  };
}

} // namespace bulkhead::actors
