#pragma once
// The certificates of the control port: a CA of this daemon alone, a certificate for the daemon and one for
// its clients, all in DATA/control, mode 0600. Whoever holds the client's files may read everything; acting
// takes the admin password as well. Made at start or by `bulkhead init`; blocks.

#include "model/error.hpp"
#include "model/time.hpp"

#include <filesystem>

namespace bulkhead::actors {

/// What one side of a connection needs.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
};

[[nodiscard]] std::filesystem::path control_directory(const std::filesystem::path& data_dir);
[[nodiscard]] TlsFiles server_files(const std::filesystem::path& data_dir);
[[nodiscard]] TlsFiles client_files(const std::filesystem::path& data_dir);

/// Makes what is missing, does not belong together, or ends within 30 days; a new CA only when there is none,
/// or when a certificate is needed and its key is gone. True when anything was made. Errors: io.
[[nodiscard]] model::Result<bool> ensure_control_keys(const std::filesystem::path& data_dir,
                                                      model::Instant now);
/// Copies what a client on another machine or account needs to DIRECTORY/control. Errors: io, not_found.
[[nodiscard]] model::Result<void> export_client(const std::filesystem::path& data_dir,
                                                const std::filesystem::path& directory);
/// Whether the three files exist, belong together and are valid at `now`. Errors: not_found, malformed,
/// rejected.
[[nodiscard]] model::Result<void> verify_keys(const TlsFiles& files, model::Instant now);

} // namespace bulkhead::actors
