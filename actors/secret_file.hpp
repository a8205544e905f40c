#pragma once
// Small files that only their owner may read: keys, the hash of the admin password, a session. Blocks; called
// at start, by the command line, and by detached actors.

#include "model/error.hpp"

#include <filesystem>
#include <string>

namespace bulkhead::actors {

/// Errors: not_found, io, out_of_range beyond `most` bytes.
[[nodiscard]] model::Result<std::string> read_small_file(const std::filesystem::path& file,
                                                         std::size_t most = 64 * 1024);
/// Mode 0600 from its first byte; whole or not at all, also when the machine stops. Makes the directory
/// (0700). Errors: io.
[[nodiscard]] model::Result<void> write_secret_file(const std::filesystem::path& file,
                                                    const std::string& text);

} // namespace bulkhead::actors
