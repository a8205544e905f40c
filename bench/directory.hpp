#pragma once
// A new directory for what a benchmark writes, gone with the object. Owned by whoever measures.

#include "model/error.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace bulkhead::bench {

class Directory {
public:
  /// Below TMPDIR unless told; `keep`: it stays. Errors: io.
  [[nodiscard]] static model::Result<Directory> make(bool keep = false, std::filesystem::path below = {}) {
    if (below.empty()) below = std::filesystem::temp_directory_path();
    std::string pattern = (below / "bulkhead-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return model::Error{model::Errc::io, "cannot make a directory in " + below.string()};
    return Directory(pattern, keep);
  }
  ~Directory() {
    std::error_code ignored; // one that stays is no failure of the measurement
    if (!path_.empty() && !keep_) std::filesystem::remove_all(path_, ignored);
  }
  Directory(Directory&& other) noexcept : path_(std::exchange(other.path_, {})), keep_(other.keep_) {}
  Directory& operator=(Directory&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  Directory(std::filesystem::path path, bool keep) : path_(std::move(path)), keep_(keep) {}

  std::filesystem::path path_; // empty: moved away
  bool keep_;
};

} // namespace bulkhead::bench
