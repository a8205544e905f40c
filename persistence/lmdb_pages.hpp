#pragma once
// Reads an LMDB file with pread and checks its structure before LMDB maps it: LMDB believes every page, so a
// flipped bit there ends the process or hides rows. Values are left to the CRC of each row (record.hpp).
// Called by LmdbEnv::open() alone; costs one read of every page in use. Start-up or journal thread.
// Only what this program stores passes: named tables without duplicates. Any page that is reached twice, also
// as a free one, is damage: LMDB would write over rows in use.

#include "model/error.hpp"

#include <filesystem>

namespace bulkhead::persistence {

/// Success for a sound file, and for one that is absent or empty (LMDB will create it). Errors: corrupt,
/// naming file and page; unsupported for another LMDB format; io.
[[nodiscard]] model::Result<void> check_lmdb_file(const std::filesystem::path& file);

} // namespace bulkhead::persistence
