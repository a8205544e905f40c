#pragma once
// One complete read of an account's book by REST, put together from several answers. Pure: gives requests,
// takes replies. A read is whole or it is an error; a half-known book would prove nothing. Orders are asked
// for with Order/v2/query, the only read that shows suspended bracket children; a gateway without it (404) is
// asked with searchOpen instead.

#include "model/event.hpp"
#include "protocol/projectx/names.hpp"
#include "protocol/transport.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace bulkhead::actors {

class BookRead {
public:
  enum class Part { positions, queried_orders, open_orders, fills };
  using Outcome = std::variant<protocol::HttpReply, protocol::HttpFailure>;
  struct Progress {
    std::vector<Part> ask; // further requests to send
    std::optional<model::Result<model::Reconciled>> done;
  };

  /// `fills_from`: start of the trading day when fills are wanted. `use_query`: Order/v2/query is believed to
  /// exist.
  BookRead(model::AccountId account, model::Instant requested_at, std::optional<model::Instant> fills_from,
           bool use_query);

  [[nodiscard]] std::vector<Part> first_parts() const;
  [[nodiscard]] protocol::HttpRequest request(Part part, protocol::LaneId lane) const;
  /// A part's request left at `at`: the book is as old as the oldest of its parts.
  void sent(model::Instant at);
  [[nodiscard]] Progress on_reply(Part part, const Outcome& outcome);
  /// False once the gateway answered 404 to Order/v2/query.
  [[nodiscard]] bool query_exists() const noexcept { return use_query_; }

private:
  [[nodiscard]] Progress take_orders(Part part, const protocol::HttpReply& reply);
  [[nodiscard]] Progress progress(std::vector<Part> ask = {});

  model::AccountId account_;
  std::optional<model::Instant> fills_from_;
  bool use_query_;
  int missing_;
  bool begun_ = false; // a part left
  model::Reconciled book_;
};

} // namespace bulkhead::actors
