#pragma once
// The admin password at rest: its argon2id hash in DATA/control/admin.hash, mode 0600. Both functions take a
// noticeable time and 64 MiB on purpose; called by `bulkhead init` and by the gatekeeper's own thread.

#include "model/error.hpp"

#include <filesystem>
#include <string>

namespace bulkhead::actors {

inline constexpr std::size_t shortest_password = 8;

/// Errors: out_of_range when it is shorter than 8 bytes or longer than 1024; io.
[[nodiscard]] model::Result<void> set_admin_password(const std::filesystem::path& data_dir,
                                                     const std::string& password);
/// Errors: missing when none was ever set; io.
[[nodiscard]] model::Result<bool> is_admin_password(const std::filesystem::path& data_dir,
                                                    const std::string& password);
/// 32 random bytes in hexadecimal.
[[nodiscard]] std::string make_token();

} // namespace bulkhead::actors
