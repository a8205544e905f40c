#pragma once
// The few steps every decoder takes with simdjson's on-demand parser; internal to protocol/projectx.
// On-demand reads lazily: what nobody reads (unknown members) is skipped by its brackets only, so every step
// here returns an error, check_structure() comes first, and callers read to the end before they believe any
// of it. The views in the results live as long as the parser's current document.

#include "protocol/json_text.hpp"
#include "protocol/projectx/members.hpp"

#include <simdjson.h>

namespace bulkhead::protocol::projectx {

using JsonValue = simdjson::ondemand::value;
using JsonObject = simdjson::ondemand::object;
using JsonArray = simdjson::ondemand::array;
using JsonDocument = simdjson::ondemand::document;

[[nodiscard]] model::Error json_error(simdjson::error_code code);

/// Reads one value into `out`, which spares every member its way through a Result: scalars with their text,
/// containers as Kind::nested and untouched. Errors: malformed for a token that is no JSON.
[[nodiscard]] model::Result<void> read_scalar(JsonValue& value, Scalar& out);

/// All members a decoder may read; unknown ones are skipped. Errors: malformed.
[[nodiscard]] model::Result<Members> read_members(JsonObject object);

} // namespace bulkhead::protocol::projectx
