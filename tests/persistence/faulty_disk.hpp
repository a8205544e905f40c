#pragma once
// A disk that fails on order: writes that stop short, no space, failed syncs, and a loss of power that drops
// any part of what was not synced. Files are real ones underneath. For one thread.

#include "persistence/file.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace bulkhead::persistence {

class FaultyDisk final : public Disk {
public:
  std::optional<model::Error> open_error;  // of every open() that would create a file
  std::optional<model::Error> write_error; // of every pwrite...
  std::size_t bytes_before_error = 0;      // ...after so many bytes were written
  std::optional<model::Error> sync_error;  // of every sync
  std::size_t longest_write = SIZE_MAX;    // pwrite writes no more at once
  std::size_t writes = 0;                  // calls of pwrite so far
  std::size_t creates = 0;                 // files created so far
  std::size_t syncs = 0;                   // syncs tried on files

  /// Drops what was not synced: `keeps` decides for each sector of 512 bytes written since the last sync.
  void lose_power(const std::function<bool()>& keeps) {
    tear_power([&] { return keeps() ? std::size_t{512} : 0; });
  }
  /// The same, with sectors that were written in part: so many of its first bytes are new.
  void tear_power(const std::function<std::size_t()>& new_bytes) {
    for (auto& [path, image] : images_) {
      std::string bytes = slurp(path);
      const std::string wanted = bytes;
      bytes.replace(0, image.synced.size(), image.synced, 0, bytes.size());
      for (std::size_t at = 0; at < bytes.size(); at += 512) {
        if (wanted.compare(at, 512, bytes, at, 512) == 0) continue;
        const std::size_t kept = std::min({new_bytes(), std::size_t{512}, bytes.size() - at});
        bytes.replace(at, kept, wanted, at, kept);
      }
      spill(path, bytes);
      image.synced = bytes;
    }
  }

  model::Result<std::shared_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) override {
    if (mode == OpenMode::create_new && open_error) return *open_error;
    auto inner = real_.open(path, mode);
    if (!inner || mode == OpenMode::read) return inner;
    creates += mode == OpenMode::create_new ? 1 : 0;
    images_.try_emplace(path, Image{slurp(path)});
    return std::shared_ptr<File>(std::make_shared<FaultyFile>(*this, *inner, path));
  }
  model::Result<void> remove(const std::filesystem::path& path) override {
    images_.erase(path);
    return real_.remove(path);
  }
  model::Result<void> make_directory(const std::filesystem::path& path) override {
    return real_.make_directory(path);
  }
  model::Result<void> sync_directory(const std::filesystem::path&) override { return {}; }

private:
  struct Image {
    std::string synced; // what a loss of power leaves at least
  };
  class FaultyFile final : public File {
  public:
    FaultyFile(FaultyDisk& disk, std::shared_ptr<File> inner, std::filesystem::path path)
        : disk_(disk), inner_(std::move(inner)), path_(std::move(path)) {}
    model::Result<std::size_t> pwrite(std::string_view bytes, std::uint64_t offset) override {
      ++disk_.writes;
      bytes = bytes.substr(0, disk_.longest_write);
      if (disk_.write_error) {
        if (disk_.bytes_before_error == 0) return *disk_.write_error;
        bytes = bytes.substr(0, disk_.bytes_before_error);
        disk_.bytes_before_error -= bytes.size();
      }
      return inner_->pwrite(bytes, offset);
    }
    model::Result<std::string> pread(std::uint64_t offset, std::size_t size) override {
      return inner_->pread(offset, size);
    }
    model::Result<void> sync() override {
      ++disk_.syncs;
      if (disk_.sync_error) return *disk_.sync_error;
      disk_.images_[path_].synced = slurp(path_);
      return {}; // the real disk would only cost time
    }
    model::Result<std::uint64_t> size() override { return inner_->size(); }
    model::Result<void> truncate(std::uint64_t size) override {
      disk_.images_[path_].synced.resize(size); // lengths are kept by the file system's own journal
      return inner_->truncate(size);
    }
    model::Result<void> allocate(std::uint64_t size) override { return inner_->allocate(size); }

  private:
    FaultyDisk& disk_;
    std::shared_ptr<File> inner_;
    std::filesystem::path path_;
  };

  PosixDisk real_;
  std::map<std::filesystem::path, Image> images_;
};

} // namespace bulkhead::persistence
