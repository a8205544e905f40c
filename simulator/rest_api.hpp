#pragma once
// The REST side of the gateway: one pipeline (faults, bearer, budget, body) and one method per endpoint.
// Answers are ASP.NET's: 200 with an envelope for business refusals, 400 problem details, 401 and 404 with an
// empty body, 429 by budget. Owned by SimulatedGateway, io thread only.

#include "simulator/core.hpp"
#include "simulator/http.hpp"
#include "simulator/request_body.hpp"

namespace bulkhead::simulator {

class RestApi {
public:
  explicit RestApi(Core& core) : core_(core) {}
  [[nodiscard]] Exchange handle(const HttpCall& call);

private:
  using Endpoint = protocol::projectx::Endpoint;
  struct Caller {
    std::string user;
    std::string token;
  };
  /// A business answer: the payload member (may be empty) and the code.
  struct Reply {
    std::string payload; // "orders":[...]
    int code = 0;
    std::optional<std::string> text;
  };

  [[nodiscard]] static std::optional<Endpoint> find_endpoint(std::string_view path);
  [[nodiscard]] Exchange perform(Endpoint endpoint, const HttpCall& call,
                                 std::optional<model::AccountId> account);
  [[nodiscard]] HttpAnswer answer(Endpoint endpoint, const HttpCall& call);
  [[nodiscard]] HttpAnswer too_many() const;
  [[nodiscard]] Reply dispatch(Endpoint endpoint, RequestBody& body, const Caller& caller);

  [[nodiscard]] Reply login_key(RequestBody& body);
  [[nodiscard]] Reply validate(const Caller& caller);
  [[nodiscard]] Reply logout(const Caller& caller);
  [[nodiscard]] Reply search_accounts(RequestBody& body, const Caller& caller);

  [[nodiscard]] Reply search_contracts(RequestBody& body);
  [[nodiscard]] Reply contract_by_id(RequestBody& body);
  [[nodiscard]] Reply available_contracts(RequestBody& body);
  [[nodiscard]] Reply retrieve_bars(RequestBody& body);

  [[nodiscard]] Reply open_positions(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply close_contract(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply partial_close(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply search_trades(RequestBody& body, const Caller& caller);

  [[nodiscard]] Reply open_orders(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply search_orders(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply order_by_id(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply query_orders(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply place(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply modify(RequestBody& body, const Caller& caller);
  [[nodiscard]] Reply cancel(RequestBody& body, const Caller& caller);

  /// The account if it is the caller's; else an id that exists nowhere.
  [[nodiscard]] model::AccountId own(model::AccountId account, const Caller& caller) const;
  [[nodiscard]] bool exists(model::AccountId account) const {
    return core_.book().account(account) != nullptr;
  }

  Core& core_;
};

} // namespace bulkhead::simulator
