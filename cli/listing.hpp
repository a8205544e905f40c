#pragma once
// Tables and texts for people, from the JSON that a daemon answered with. Pure functions; whatever came from
// elsewhere is escaped before it reaches a terminal.

#include "actors/control_commands.hpp"

#include <string>

namespace bulkhead::cli {

/// `data`: JSON text. `color` dims the head of a table.
[[nodiscard]] std::string listing(actors::Command command, const std::string& data, bool color);

} // namespace bulkhead::cli
