#include "persistence/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;
using model::Result;

class PosixFile final : public File {
public:
  PosixFile(int descriptor, std::filesystem::path path) : descriptor_(descriptor), path_(std::move(path)) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override { ::close(descriptor_); }

  Result<std::size_t> pwrite(std::string_view bytes, std::uint64_t offset) override {
    for (;;) {
      const auto n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n > 0) return static_cast<std::size_t>(n);
      if (n == 0) return Error{Errc::io, fmt::format("{}: nothing was written", path_.string())};
      if (errno != EINTR) return system_error(errno, "write", path_);
    }
  }

  Result<std::string> pread(std::uint64_t offset, std::size_t size) override {
    std::string out(size, '\0');
    std::size_t done = 0;
    while (done < size) {
      const auto n = ::pread(descriptor_, out.data() + done, size - done, static_cast<off_t>(offset + done));
      if (n == 0) break;
      if (n < 0 && errno != EINTR) return system_error(errno, "read", path_);
      if (n > 0) done += static_cast<std::size_t>(n);
    }
    out.resize(done);
    return out;
  }

  Result<void> sync() override {
    // No retry, not even after EINTR: the kernel may have dropped the pages it failed to write.
    if (::fdatasync(descriptor_) != 0) return system_error(errno, "sync", path_);
    return {};
  }

  Result<std::uint64_t> size() override {
    struct ::stat info {};
    if (::fstat(descriptor_, &info) != 0) return system_error(errno, "stat", path_);
    return static_cast<std::uint64_t>(info.st_size);
  }

  Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
      return system_error(errno, "truncate", path_);
    return {};
  }

  Result<void> allocate(std::uint64_t size) override {
    if (::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)) == 0) return {};
    if (errno != EOPNOTSUPP) return system_error(errno, "allocate", path_);
    // This file system cannot reserve space: the file gets its length, and a full disk shows at the write.
    const auto now = this->size();
    if (!now) return now.error();
    return *now < size ? truncate(size) : Result<void>{};
  }

private:
  int descriptor_;
  std::filesystem::path path_;
};

int open_flags(OpenMode mode) {
  switch (mode) {
  case OpenMode::read: return O_RDONLY | O_CLOEXEC;
  case OpenMode::read_write: return O_RDWR | O_CLOEXEC;
  case OpenMode::create_new: return O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  }
  return O_RDONLY | O_CLOEXEC;
}

} // namespace

bool is_out_of_space(int code) noexcept { return code == ENOSPC || code == EDQUOT || code == EFBIG; }

Error system_error(int code, std::string_view what, const std::filesystem::path& path) {
  const Errc errc = is_out_of_space(code) ? Errc::full
                    : code == ENOENT      ? Errc::not_found
                    : code == EEXIST      ? Errc::busy
                                          : Errc::io;
  return {errc, fmt::format("{}: {}: {}", path.string(), what, std::generic_category().message(code))};
}

Result<std::shared_ptr<File>> PosixDisk::open(const std::filesystem::path& path, OpenMode mode) {
  const int descriptor = ::open(path.c_str(), open_flags(mode), 0600);
  if (descriptor < 0) return system_error(errno, "open", path);
  return std::shared_ptr<File>(std::make_shared<PosixFile>(descriptor, path));
}

Result<void> PosixDisk::remove(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0) return system_error(errno, "remove", path);
  return {};
}

Result<void> PosixDisk::make_directory(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) return {};
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  if (parent != path) {
    if (auto made = make_directory(parent); !made) return made;
  }
  if (::mkdir(path.c_str(), 0700) == 0) return sync_directory(parent);
  if (errno == EEXIST && std::filesystem::is_directory(path, code)) return {};
  return system_error(errno, "create directory", path);
}

Result<void> PosixDisk::sync_directory(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_error(errno, "open", path);
  const int code = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (code != 0) return system_error(code, "sync", path);
  return {};
}

Result<std::uint64_t> file_length(const std::filesystem::path& path) {
  std::error_code code;
  const std::uint64_t length = std::filesystem::file_size(path, code);
  if (code) return system_error(code.value(), "stat", path);
  return length;
}

Result<void> lengthen_file(const std::filesystem::path& path, std::uint64_t length) {
  const auto now = file_length(path);
  if (!now) return now.error();
  std::error_code code;
  if (*now < length) std::filesystem::resize_file(path, length, code);
  if (code) return system_error(code.value(), "extend", path);
  return {};
}

Result<void> write_all(File& file, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto written = file.pwrite(bytes, offset);
    if (!written) return written.error();
    bytes.remove_prefix(*written);
    offset += *written;
  }
  return {};
}

Result<std::string> read_all(File& file, std::uint64_t most) {
  const auto size = file.size();
  if (!size) return size.error();
  if (*size > most) return Error{Errc::out_of_range, fmt::format("file of {} bytes, limit {}", *size, most)};
  return file.pread(0, static_cast<std::size_t>(*size));
}

} // namespace bulkhead::persistence
