#pragma once
// The command line's side of the control port: one CAF node that connects, asks once and goes.

#include "actors/control_messages.hpp"
#include "model/error.hpp"

#include <string>

namespace bulkhead::cli {

/// Errors: malformed (not HOST:PORT), unreachable (nobody answers), timeout, rejected (another protocol
/// version).
[[nodiscard]] model::Result<actors::StatusReply> ask_status(const std::string& node,
                                                            const actors::StatusRequest& request);

/// A random UUID, version 4.
[[nodiscard]] std::string make_request_id();

} // namespace bulkhead::cli
