#pragma once
// The data directory: who owns it, and where in it things lie. Made once at start and kept for the life of
// the process; its lock is released when it is destroyed or the process ends, however that happens. Start-up
// thread; the paths may be asked from anywhere.

#include "model/error.hpp"
#include "model/ids.hpp"
#include "model/time.hpp"

#include <filesystem>
#include <string>

namespace bulkhead::persistence {

class DataDir {
public:
  /// Opens or creates the directory (mode 0700, tightened when it was wider) and takes its lock. Errors:
  /// busy, naming the process that holds it; io.
  [[nodiscard]] static model::Result<DataDir> open(const std::filesystem::path& path);
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;
  DataDir(const DataDir&) = delete;
  DataDir& operator=(const DataDir&) = delete;
  ~DataDir();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::filesystem::path journal() const { return path_ / "journal"; }
  [[nodiscard]] std::filesystem::path journal(model::AccountId account) const {
    return journal() / to_string(account);
  }

private:
  DataDir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_; // descriptor; -1 when moved from
};

/// Sets a damaged file aside under "<name>.quarantine-20260715T220000Z" (with "-2", "-3", ... when that is
/// taken) and answers the new path. Errors: not_found, io, full (99 such files).
[[nodiscard]] model::Result<std::filesystem::path> quarantine(const std::filesystem::path& path,
                                                              model::Instant at);

/// An id that changes with every boot of the machine. Errors: io.
[[nodiscard]] model::Result<std::string> read_boot_id();

} // namespace bulkhead::persistence
