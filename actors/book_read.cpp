#include "actors/book_read.hpp"

#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"

#include <algorithm>
#include <iterator>

namespace bulkhead::actors {

namespace projectx = protocol::projectx;
using model::OrderStatus;

namespace {
constexpr std::size_t page_size = 100;
constexpr std::size_t most_orders = 5'000; // an account with more working orders than this is not believed
constexpr int http_not_found = 404;
const std::vector<OrderStatus> live_statuses = {OrderStatus::open, OrderStatus::pending,
                                                OrderStatus::pending_cancellation, OrderStatus::suspended};
} // namespace

BookRead::BookRead(model::AccountId account, model::Instant requested_at,
                   std::optional<model::Instant> fills_from, bool use_query)
    : account_(account), fills_from_(fills_from), use_query_(use_query), missing_(fills_from ? 3 : 2) {
  book_.requested_at = requested_at;
}

std::vector<BookRead::Part> BookRead::first_parts() const {
  std::vector<Part> parts = {Part::positions, use_query_ ? Part::queried_orders : Part::open_orders};
  if (fills_from_) parts.push_back(Part::fills);
  return parts;
}

protocol::HttpRequest BookRead::request(Part part, protocol::LaneId lane) const {
  const projectx::Caller caller{lane, {}};
  switch (part) {
  case Part::positions: return projectx::search_open_positions(caller, account_);
  case Part::open_orders: return projectx::search_open_orders(caller, account_);
  case Part::fills: return projectx::search_fills(caller, account_, {*fills_from_, std::nullopt});
  case Part::queried_orders: break;
  }
  projectx::OrderQuery query;
  query.account = account_;
  query.statuses = live_statuses;
  query.page_size = static_cast<std::int32_t>(page_size);
  query.page_offset = static_cast<std::int32_t>(book_.orders.size());
  return projectx::query_orders(caller, query);
}

void BookRead::sent(model::Instant at) {
  book_.requested_at = begun_ ? std::min(book_.requested_at, at) : at;
  begun_ = true;
}

BookRead::Progress BookRead::on_reply(Part part, const Outcome& outcome) {
  if (const auto* failure = std::get_if<protocol::HttpFailure>(&outcome)) return {{}, failure->error};
  const auto& reply = std::get<protocol::HttpReply>(outcome);
  switch (part) {
  case Part::queried_orders:
  case Part::open_orders: return take_orders(part, reply);
  case Part::positions: {
    auto positions = projectx::read_positions(reply);
    if (!positions) return {{}, positions.error()};
    book_.positions = std::move(*positions);
    break;
  }
  case Part::fills: {
    auto fills = projectx::read_fills(reply);
    if (!fills) return {{}, fills.error()};
    book_.fills = std::move(*fills);
    break;
  }
  }
  --missing_;
  return progress();
}

BookRead::Progress BookRead::take_orders(Part part, const protocol::HttpReply& reply) {
  const bool queried = part == Part::queried_orders;
  if (queried && reply.status == http_not_found) {
    use_query_ = false;
    return progress({Part::open_orders});
  }
  auto page = projectx::read_orders(
      queried ? projectx::Endpoint::order_query : projectx::Endpoint::order_search_open, reply);
  if (!page) return {{}, page.error()};
  const bool full = queried && page->orders.size() >= page_size;
  std::move(page->orders.begin(), page->orders.end(), std::back_inserter(book_.orders));
  if (full && book_.orders.size() < most_orders) return progress({Part::queried_orders});
  book_.suspended_included = queried;
  --missing_;
  return progress();
}

BookRead::Progress BookRead::progress(std::vector<Part> ask) {
  if (missing_ > 0) return {std::move(ask), std::nullopt};
  return {{}, std::move(book_)};
}

} // namespace bulkhead::actors
