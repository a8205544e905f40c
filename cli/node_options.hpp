#pragma once
// The options of every command that talks to a daemon, and how its answer is printed. Plain data.

#include <cstdint>
#include <filesystem>
#include <string>

namespace bulkhead::cli {

struct NodeOptions {
  std::string node = "127.0.0.1:4750";
  std::filesystem::path data_dir = "data"; // where control/client.pem and its kin lie
  std::int64_t account = 0;                // 0: all
  bool json = false;
  bool no_color = false;
  bool yes = false; // ask nothing back
};

/// Colours only for a terminal, and not against --no-color or NO_COLOR.
[[nodiscard]] bool wants_color(const NodeOptions& options);

/// {status, data, error, request_id} of --json; `data` and the result are JSON text.
[[nodiscard]] std::string failure_json(const std::string& code, const std::string& message,
                                       const std::string& request_id, const std::string& data = "");

/// Which exit code an error of the control protocol has; ok for none.
[[nodiscard]] int exit_code_of(const std::string& error);

} // namespace bulkhead::cli
