#include "persistence/data_dir.hpp"
#include "persistence/file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace bulkhead::persistence {

using model::Errc;
using model::Error;
using model::Result;

namespace {

/// The content of a small text file up to the first line break, printable characters only.
std::string first_line(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string line;
  line.reserve(64);
  for (char c = 0; line.size() < 64 && in.get(c) && c != '\n';)
    line.push_back(c > ' ' && c < '\x7f' ? c : '?');
  return line;
}

Result<int> take_lock(const std::filesystem::path& directory) {
  const auto path = directory / "LOCK";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_error(errno, "open", path);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    ::close(descriptor);
    if (code != EWOULDBLOCK) return system_error(code, "lock", path);
    return Error{Errc::busy, fmt::format("data directory {} is in use by process {}", directory.string(),
                                         first_line(path))};
  }
  // The lock is what counts; the number is for people, so a full disk must not keep the daemon from starting.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) == 0) (void)(::pwrite(descriptor, pid.data(), pid.size(), 0) > 0);
  return descriptor;
}

} // namespace

Result<DataDir> DataDir::open(const std::filesystem::path& path) {
  PosixDisk disk;
  if (auto made = disk.make_directory(path); !made) return made.error();
  // Others on this machine have no business with tokens, keys and positions.
  if (::chmod(path.c_str(), 0700) != 0) return system_error(errno, "chmod", path);
  const auto lock = take_lock(path);
  if (!lock) return lock.error();
  DataDir directory(path, *lock);
  if (auto made = disk.make_directory(directory.journal()); !made) return made.error();
  return directory;
}

DataDir::DataDir(DataDir&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::filesystem::path> quarantine(const std::filesystem::path& path, model::Instant at) {
  constexpr int most = 99;
  std::string stamp = model::format_instant(at);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  const std::string base = path.string() + ".quarantine-" + stamp;
  for (int n = 1; n <= most; ++n) {
    const std::filesystem::path target = n == 1 ? base : fmt::format("{}-{}", base, n);
    std::error_code code;
    if (std::filesystem::exists(std::filesystem::symlink_status(target, code))) continue;
    if (::rename(path.c_str(), target.c_str()) != 0) return system_error(errno, "rename", path);
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    if (auto synced = PosixDisk{}.sync_directory(parent); !synced) return synced.error();
    return target;
  }
  return Error{Errc::full, fmt::format("{}: {} files are set aside already", path.string(), most)};
}

Result<std::string> read_boot_id() {
  const std::filesystem::path path = "/proc/sys/kernel/random/boot_id";
  std::string id = first_line(path);
  if (id.empty()) return Error{Errc::io, fmt::format("{}: cannot be read", path.string())};
  return id;
}

} // namespace bulkhead::persistence
