#include "actors/secret_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace bulkhead::actors {
namespace {

using model::Errc;
using model::Error;

Error failure(const char* what, const std::filesystem::path& file) {
  return {Errc::io, fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(errno))};
}

bool write_all(int file, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const auto n = ::write(file, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return ::fsync(file) == 0;
}

} // namespace

model::Result<std::string> read_small_file(const std::filesystem::path& file, std::size_t most) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file, missing);
  if (missing) {
    return Error{missing == std::errc::no_such_file_or_directory ? Errc::not_found : Errc::io,
                 fmt::format("cannot read {}: {}", file.string(), missing.message())};
  }
  if (size > most) return Error{Errc::out_of_range, fmt::format("{} is too large", file.string())};
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return Error{Errc::io, fmt::format("cannot read {}", file.string())};
  return text;
}

model::Result<void> write_secret_file(const std::filesystem::path& file, const std::string& text) {
  const auto directory = file.parent_path();
  if (!directory.empty()) {
    std::error_code failed;
    if (std::filesystem::create_directories(directory, failed)) ::chmod(directory.c_str(), 0700);
    if (failed)
      return Error{Errc::io, fmt::format("cannot make {}: {}", directory.string(), failed.message())};
  }
  const auto part = file.string() + ".part";
  ::unlink(part.c_str());
  const int out = ::open(part.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (out < 0) return failure("write", part);
  const bool written = write_all(out, text);
  const bool closed = ::close(out) == 0;
  if (!written || !closed || ::rename(part.c_str(), file.c_str()) != 0) return failure("write", file);
  return {};
}

} // namespace bulkhead::actors
