#pragma once
// Where exceptions that nobody expected end: at the edge of an actor, which dies of them and is started
// again, and in the recovery, which goes on without the event. Any thread.

#include <caf/error.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <string>

namespace bulkhead::actors {

/// Runs `what`; the text of whatever it threw, none when it returned.
[[nodiscard]] std::optional<std::string> thrown_by(const std::function<void()>& what);

/// The reason an actor dies of; for set_exception_handler.
[[nodiscard]] caf::error died_of(const std::exception_ptr& thrown);

} // namespace bulkhead::actors
