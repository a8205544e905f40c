// Endpoints of positions and their fills.
#include "simulator/codes.hpp"
#include "simulator/json_text.hpp"
#include "simulator/rest_api.hpp"

namespace bulkhead::simulator {

using protocol::projectx::Member;

RestApi::Reply RestApi::open_positions(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  if (!exists(account)) return {R"("positions":null)", number(SearchCode::not_found), {}};
  std::vector<std::string> rows;
  for (const auto& row : core_.visible_positions(account)) rows.push_back(position_json(row, Form::rest));
  return {"\"positions\":" + json_array(rows), 0, {}};
}

RestApi::Reply RestApi::close_contract(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  const auto contract = body.contract();
  if (!body.ok()) return {};
  const auto done = core_.commit(core_.book().close_contract(account, contract, core_.now()));
  return {{}, done.code, done.text};
}

RestApi::Reply RestApi::partial_close(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  const auto contract = body.contract();
  const auto size = body.int32(Member::size);
  if (!body.ok()) return {};
  const auto done = core_.commit(core_.book().partial_close(account, contract, size, core_.now()));
  return {{}, done.code, done.text};
}

RestApi::Reply RestApi::search_trades(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  const auto start = body.maybe_instant(Member::start_timestamp).value_or(model::Instant::min());
  const auto end = body.maybe_instant(Member::end_timestamp).value_or(model::Instant::max());
  if (!exists(account)) return {R"("trades":null)", number(SearchCode::not_found), {}};
  const auto fills = core_.book().fills(account);
  std::vector<std::string> rows;
  for (auto fill = fills.rbegin(); fill != fills.rend(); ++fill) { // newest first
    const auto at = fill->executed_at;
    if (at >= start && at <= end) rows.push_back(fill_json(*fill, Form::rest));
  }
  return {"\"trades\":" + json_array(rows), 0, {}};
}

} // namespace bulkhead::simulator
