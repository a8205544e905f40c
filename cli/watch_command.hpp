#pragma once
// `bulkhead watch`: the live view. Full screen on a terminal, else one line per thing that happens.

#include "cli/node_options.hpp"

#include <iosfwd>

namespace bulkhead::cli {

/// Until q, Ctrl-C or the end of the daemon. Exit codes: ok, failed (no frame for 10 s), usage, unreachable,
/// unauthorized.
[[nodiscard]] int watch_command(const NodeOptions& options, std::ostream& out, std::ostream& err);

} // namespace bulkhead::cli
