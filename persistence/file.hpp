#pragma once
// The seam to the disk: what the journal needs of files, so that tests can inject short writes, full disks,
// failed syncs and power losses. PosixDisk is the real one. A File is owned by whoever opened it and may be
// used from two threads at once as long as the calls touch different bytes (the account writes while another
// thread syncs). Everything may block; pwrite into a preallocated file goes to the page cache only.

#include "model/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace bulkhead::persistence {

class File {
public:
  virtual ~File() = default;
  /// Writes some bytes of `bytes`, at least one, and answers how many. Errors: full (no space), io.
  [[nodiscard]] virtual model::Result<std::size_t> pwrite(std::string_view bytes, std::uint64_t offset) = 0;
  /// Up to `size` bytes; fewer only at the end of the file.
  [[nodiscard]] virtual model::Result<std::string> pread(std::uint64_t offset, std::size_t size) = 0;
  /// fdatasync. After a failure the content on disk is unknown, whatever a later call says.
  [[nodiscard]] virtual model::Result<void> sync() = 0;
  [[nodiscard]] virtual model::Result<std::uint64_t> size() = 0;
  [[nodiscard]] virtual model::Result<void> truncate(std::uint64_t size) = 0;
  /// Reserves disk space up to `size`; new bytes are zeros. Never shortens.
  [[nodiscard]] virtual model::Result<void> allocate(std::uint64_t size) = 0;
};

enum class OpenMode {
  read,       // must exist
  read_write, // must exist
  create_new, // must not exist, else Errc::busy; mode 0600
};

class Disk {
public:
  virtual ~Disk() = default;
  /// Errors: not_found, busy (create_new only), full, io.
  [[nodiscard]] virtual model::Result<std::shared_ptr<File>> open(const std::filesystem::path& path,
                                                                  OpenMode mode) = 0;
  [[nodiscard]] virtual model::Result<void> remove(const std::filesystem::path& path) = 0;
  /// Creates the directory and its parents, mode 0700; no error when it exists.
  [[nodiscard]] virtual model::Result<void> make_directory(const std::filesystem::path& path) = 0;
  /// Makes names created, renamed or removed in the directory durable.
  [[nodiscard]] virtual model::Result<void> sync_directory(const std::filesystem::path& path) = 0;
};

class PosixDisk final : public Disk {
public:
  [[nodiscard]] model::Result<std::shared_ptr<File>> open(const std::filesystem::path& path,
                                                          OpenMode mode) override;
  [[nodiscard]] model::Result<void> remove(const std::filesystem::path& path) override;
  [[nodiscard]] model::Result<void> make_directory(const std::filesystem::path& path) override;
  [[nodiscard]] model::Result<void> sync_directory(const std::filesystem::path& path) override;
};

/// The disk, the quota or the longest file allowed is full.
[[nodiscard]] bool is_out_of_space(int code) noexcept;
/// An error for a failed system call: no space is Errc::full, a missing file not_found, all else io.
[[nodiscard]] model::Error system_error(int code, std::string_view what, const std::filesystem::path& path);

/// Errors: not_found, io.
[[nodiscard]] model::Result<std::uint64_t> file_length(const std::filesystem::path& path);
/// Gives the file at least `length` bytes; new ones are a hole that reads as zeros.
[[nodiscard]] model::Result<void> lengthen_file(const std::filesystem::path& path, std::uint64_t length);

/// pwrite until all is written. On an error any part of `bytes` may stand in the file.
[[nodiscard]] model::Result<void> write_all(File& file, std::string_view bytes, std::uint64_t offset);

/// The whole content. Errors: out_of_range above `most`, io.
[[nodiscard]] model::Result<std::string> read_all(File& file, std::uint64_t most);

} // namespace bulkhead::persistence
