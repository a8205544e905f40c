#pragma once
// Everything that may be asked over the control port, and who may ask it: the one table that the daemon
// decides by, the command line names its commands by, and the test of all roles against all commands is made
// of. What is not in it is refused. Constant data; any thread.

#include <array>
#include <cstdint>
#include <string_view>

namespace bulkhead::actors {

/// Trader: any peer with a certificate of this daemon's CA. Admin: who gave the password as well, for a
/// while.
enum class Role : std::uint8_t { trader, admin };

enum class Command : std::uint8_t {
  status,
  watch,
  positions,
  orders,
  lockouts,
  timers,
  history,
  logs,
  config_get,
  account_list,
  login,
  logout,
  block,
  unblock,
  flatten,
  cancel,
  enforce,
  config_reload,
  config_validate,
  account_payout,
  account_adjust,
  account_rebase,
  account_enable,
  account_disable,
};

struct CommandSpec {
  Command command;
  std::string_view name;
  Role role;
};

inline constexpr std::array<CommandSpec, 24> command_table = {{
    {Command::status, "status", Role::trader},
    {Command::watch, "watch", Role::trader},
    {Command::positions, "positions", Role::trader},
    {Command::orders, "orders", Role::trader},
    {Command::lockouts, "lockouts", Role::trader},
    {Command::timers, "timers", Role::trader},
    {Command::history, "history", Role::trader},
    {Command::logs, "logs", Role::trader},
    {Command::config_get, "config get", Role::trader},
    {Command::account_list, "account list", Role::trader},
    {Command::login, "login", Role::trader},
    {Command::logout, "logout", Role::trader},
    {Command::block, "block", Role::admin},
    {Command::unblock, "unblock", Role::admin},
    {Command::flatten, "flatten", Role::admin},
    {Command::cancel, "cancel", Role::admin},
    {Command::enforce, "enforce", Role::admin},
    {Command::config_reload, "config reload", Role::admin},
    {Command::config_validate, "config validate", Role::admin},
    {Command::account_payout, "account payout", Role::admin},
    {Command::account_adjust, "account adjust", Role::admin},
    {Command::account_rebase, "account rebase", Role::admin},
    {Command::account_enable, "account enable", Role::admin},
    {Command::account_disable, "account disable", Role::admin},
}};

/// Those that tell of the standing of one account.
[[nodiscard]] constexpr bool is_for_books(Command command) noexcept {
  return command >= Command::account_payout && command <= Command::account_disable;
}
/// Null for a number that no command has.
[[nodiscard]] const CommandSpec* find_command(std::uint8_t number) noexcept;
/// False for whatever is not in the table.
[[nodiscard]] bool permitted(Role holder, std::uint8_t command) noexcept;

} // namespace bulkhead::actors
