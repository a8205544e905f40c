#include "actors/control_commands.hpp"

namespace bulkhead::actors {

const CommandSpec* find_command(std::uint8_t number) noexcept {
  for (const auto& spec : command_table) {
    if (static_cast<std::uint8_t>(spec.command) == number) return &spec;
  }
  return nullptr;
}

bool permitted(Role holder, std::uint8_t command) noexcept {
  const auto* spec = find_command(command);
  return spec != nullptr && (holder == Role::admin || spec->role == Role::trader);
}

} // namespace bulkhead::actors
