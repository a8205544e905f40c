#include "cli/node_options.hpp"

#include "actors/control_request.hpp"
#include "cli/exit_codes.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace bulkhead::cli {

bool wants_color(const NodeOptions& options) {
  return !options.no_color && std::getenv("NO_COLOR") == nullptr && isatty(STDOUT_FILENO) != 0;
}

std::string failure_json(const std::string& code, const std::string& message, const std::string& request_id,
                         const std::string& data) {
  const nlohmann::json out = {
      {"status", "error"},
      {"data", data.empty() ? nlohmann::json() : nlohmann::json::parse(data, nullptr, false)},
      {"error", code + ": " + message},
      {"request_id", request_id}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

int exit_code_of(const std::string& error) {
  namespace codes = actors::codes;
  if (error.empty()) return exit_ok;
  if (error == codes::unauthorized) return exit_unauthorized;
  if (error == codes::bad_request || error == codes::unknown_command) return exit_usage;
  return error == codes::config_invalid ? exit_invalid_config : exit_failed;
}

} // namespace bulkhead::cli
