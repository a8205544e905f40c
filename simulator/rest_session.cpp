// Endpoints of the session: Auth and Account.
#include "simulator/codes.hpp"
#include "simulator/json_text.hpp"
#include "simulator/rest_api.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::simulator {

using protocol::projectx::Member;

RestApi::Reply RestApi::login_key(RequestBody& body) {
  const auto name = body.text(Member::user_name);
  const auto key = body.text(Member::api_key);
  const auto& users = core_.options().users;
  const auto found = std::find_if(users.begin(), users.end(), [&](const SimulatedUser& user) {
    return same_word(user.user_name, name) && user.api_key == key;
  });
  if (!body.ok()) return {};
  if (found == users.end()) return {R"("token":null)", number(LoginCode::invalid_credentials), {}};
  return {fmt::format(R"("token":"{}")", core_.tokens().issue(found->user_name, core_.now())), 0, {}};
}

RestApi::Reply RestApi::validate(const Caller& caller) {
  return {fmt::format(R"("newToken":"{}")", core_.tokens().issue(caller.user, core_.now())), 0, {}};
}

RestApi::Reply RestApi::logout(const Caller& caller) {
  core_.tokens().revoke(caller.token);
  return {};
}

RestApi::Reply RestApi::search_accounts(RequestBody& body, const Caller& caller) {
  const bool only_active = body.flag(Member::only_active_accounts);
  std::vector<std::string> rows;
  for (const auto& row : core_.book().accounts()) {
    if (row.owner == caller.user && (row.visible || !only_active)) rows.push_back(account_json(row));
  }
  return {"\"accounts\":" + json_array(rows), 0, {}};
}

} // namespace bulkhead::simulator
