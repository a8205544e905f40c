// How `control` answers everything but status: it asks the accounts concerned and puts their answers
// together.

#include "actors/control_desk.hpp"
#include "actors/control_views.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto order_is_decided_within = 3s;
constexpr auto store_answers_within = 3s;
constexpr std::size_t usual_rows = 100;

using Promise = caf::typed_response_promise<ControlReply>;

const char* list_name(Command command) {
  if (command == Command::positions) return "positions";
  if (command == Command::orders) return "orders";
  return command == Command::timers ? "timers" : "active";
}

json rows_of(Command command, const AccountSnapshot& account) {
  if (command == Command::positions) return position_rows(account);
  if (command == Command::orders) return order_rows(account);
  return command == Command::timers ? timer_rows(account) : lockout_rows(account);
}

/// All rows in one list; accounts that did not answer are named beside it.
json put_together(Command command, const Answers<AccountSnapshot>& answers) {
  json rows = json::array(), silent = json::array();
  for (const auto& [id, account] : answers) {
    if (!account) silent.push_back(id.value);
    if (!account) continue;
    for (auto& row : rows_of(command, *account)) rows.push_back(std::move(row));
  }
  return {{list_name(command), std::move(rows)}, {"not_answering", std::move(silent)}};
}

/// One account's answer as it is; of several, a list. The first failure is the failure of the whole.
ControlReply put_together(const ControlRequest& request, const Answers<Obeyed>& answers) {
  ControlReply reply{request.request_id, "", "", ""};
  json rows = json::array();
  for (const auto& [id, answer] : answers) {
    Obeyed one = answer ? *answer : Obeyed{id, codes::not_ready, "the account does not answer", ""};
    json row = one.data.empty() ? json{{"account_id", id.value}} : json::parse(one.data, nullptr, false);
    if (!one.error.empty()) row["error"] = one.error + ": " + one.message;
    if (!one.error.empty() && reply.error.empty())
      reply.error = one.error, reply.message = fmt::format("account {}: {}", id.value, one.message);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) reply.error = codes::no_such_account, reply.message = "no account is configured here";
  const bool single = request.account_id != 0 && rows.size() == 1;
  reply.data = json_text(single ? rows[0] : json{{"accounts", std::move(rows)}});
  return reply;
}

std::string note_text(const ControlRequest& request, const Obeyed& done) {
  const auto* spec = find_command(request.command);
  return fmt::format("admin {}{}{}{}", spec->name,
                     request.amount_micros == 0 ? "" : " " + to_string(model::Money{request.amount_micros}),
                     request.reason.empty() ? "" : fmt::format(" ({})", request.reason),
                     done.error.empty() ? "" : fmt::format(": refused, {}", done.error));
}

} // namespace

caf::result<ControlReply> ControlDesk::answer(const ControlRequest& request) {
  const auto asked = accounts(request.account_id);
  if (request.account_id != 0 && asked.empty()) {
    return refusal(request, codes::no_such_account,
                   fmt::format("account {} is not configured here", request.account_id));
  }
  const auto* spec = find_command(request.command);
  if (spec == nullptr) return refusal(request, codes::unknown_command, "no such command");
  if (spec->role == Role::admin) return order(asked, request);
  if (spec->command == Command::history || spec->command == Command::lockouts) return past(asked, request);
  if (spec->command == Command::account_list) return list_accounts(request);
  return show(asked, request);
}

caf::result<ControlReply> ControlDesk::show(const Accounts& asked, const ControlRequest& request) {
  auto promise = self_->make_response_promise<ControlReply>();
  const auto command = static_cast<Command>(request.command);
  ask_all<AccountSnapshot>(
      asked, TakeSnapshot{}, account_answers_within,
      [=, id = request.request_id](const Answers<AccountSnapshot>& answers) mutable {
        promise.deliver(ControlReply{id, "", "", json_text(put_together(command, answers))});
      });
  return promise;
}

caf::result<ControlReply> ControlDesk::past(const Accounts& asked, const ControlRequest& request) {
  auto promise = self_->make_response_promise<ControlReply>();
  HistoryRequest question;
  question.limit = request.limit == 0 ? usual_rows : request.limit;
  for (const auto& [id, account] : asked) question.accounts.push_back(id);
  auto failed = [=](const std::string& why) mutable {
    promise.deliver(refusal(request, codes::internal, why));
  };
  const bool lockouts_only = static_cast<Command>(request.command) == Command::lockouts;
  const auto done = [=, this](HistoryRows& rows) mutable {
    if (!rows.failure.empty()) return failed(rows.failure);
    if (!lockouts_only) {
      const model::Instant since{model::Duration{request.since_micros}};
      const json data = {{"history", history_rows(rows, since, question.limit)}};
      promise.deliver(ControlReply{request.request_id, "", "", json_text(data)});
      return;
    }
    ask_all<AccountSnapshot>(asked, TakeSnapshot{}, account_answers_within,
                             [=](const Answers<AccountSnapshot>& answers) mutable {
                               auto data = put_together(Command::lockouts, answers);
                               data["past"] = past_lockout_rows(rows, question.limit);
                               promise.deliver(ControlReply{request.request_id, "", "", json_text(data)});
                             });
  };
  self_->request(deps_.journal, store_answers_within, question).then(done, [=](caf::error& error) mutable {
    failed(to_string(error));
  });
  return promise;
}

caf::result<ControlReply> ControlDesk::order(const Accounts& asked, const ControlRequest& request) {
  auto promise = self_->make_response_promise<ControlReply>();
  const bool may_lift_hard = deps_.config->global.admin_unlock == model::AdminUnlock::allowed;
  ask_all<Obeyed>(asked, Obey{request, may_lift_hard}, order_is_decided_within,
                  [=, this](const Answers<Obeyed>& answers) mutable {
                    for (const auto& [id, done] : answers) {
                      if (!done) continue;
                      self_->send(deps_.journal,
                                  persistence::Note{id, deps_.clock->now(), note_text(request, *done), ""});
                    }
                    promise.deliver(put_together(request, answers));
                  });
  return promise;
}

ControlReply ControlDesk::list_accounts(const ControlRequest& request) const {
  json rows = json::array();
  for (const auto& account : deps_.config->accounts) {
    if (request.account_id != 0 && account.id.value != request.account_id) continue;
    const auto running = self_->state.accounts.find(account.id);
    rows.push_back({{"account_id", account.id.value},
                    {"nickname", account.nickname},
                    {"username", account.username},
                    {"gateway", account.api.base_url},
                    {"enabled", account.enabled},
                    {"running", running != self_->state.accounts.end() && running->second}});
  }
  return {request.request_id, "", "", json_text({{"accounts", std::move(rows)}})};
}

} // namespace bulkhead::actors
