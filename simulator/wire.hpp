#pragma once
// How the simulated gateway writes its rows: REST rows with nulls and short timestamps, stream events in the
// forms seen on the real wire (envelope {action,data}, nulls omitted, seven-digit timestamps). The switches
// of WireShape force the other forms witnesses have reported. Pure functions; any thread.

#include "simulator/book_types.hpp"
#include "simulator/contracts.hpp"

#include <string>
#include <vector>

namespace bulkhead::simulator {

struct WireShape {
  bool bare = false;            // the documented [data] instead of the envelope; market data as objects
  bool string_ids = false;      // numeric ids as strings
  bool order_id_for_id = false; // order events with orderId instead of id
  bool arrays = false;          // user payloads inside one more array
  bool null_elements = false;   // null entries in arrays
  bool extra_members = false;   // members nobody knows
  bool several_records_per_frame = false; // the events of one operation share a websocket message
  bool split_records = false;             // each record is spread over several websocket messages
};

enum class Form { rest, stream };

/// "2026-09-02T14:16:01.4061201+00:00" (stream), "2026-09-02T14:16:01.40612+00:00" (REST).
[[nodiscard]] std::string timestamp(model::Instant at, Form form);

[[nodiscard]] std::string account_json(const AccountRow& row);
[[nodiscard]] std::string contract_json(const ListedContract& listed);
[[nodiscard]] std::string order_json(const OrderRow& row, Form form, const WireShape& shape = {});
[[nodiscard]] std::string position_json(const PositionRow& row, Form form, const WireShape& shape = {});
[[nodiscard]] std::string fill_json(const model::Fill& fill, Form form, const WireShape& shape = {});

/// What an event's arguments are for one change, and whom it concerns.
struct Event {
  std::string target; // "GatewayUserOrder"
  std::string arguments;
};
[[nodiscard]] Event account_event(const AccountRow& row, const WireShape& shape);
[[nodiscard]] Event order_event(const OrderRow& row, const WireShape& shape);
[[nodiscard]] Event position_event(const PositionRow& row, const WireShape& shape);
[[nodiscard]] Event fill_event(const model::Fill& fill, const WireShape& shape);

/// Sparse: only what the update carries.
[[nodiscard]] Event quote_event(const model::QuoteUpdate& update, const model::SymbolId& symbol,
                                const WireShape& shape);
/// A print on the tape.
[[nodiscard]] Event market_trade_event(const model::QuoteUpdate& update, const model::SymbolId& symbol,
                                       const WireShape& shape);
/// Reset, then one level on each side.
[[nodiscard]] Event depth_event(const model::QuoteUpdate& update, const WireShape& shape);

} // namespace bulkhead::simulator
