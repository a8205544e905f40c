#include "tests/simulation/disk.hpp"

#include <algorithm>
#include <fstream>

namespace bulkhead::simulation {

using model::Errc;
using model::Error;
using model::Result;
using persistence::File;
using persistence::OpenMode;

namespace {
constexpr std::uint64_t sector = 512;
}

class DiskFile final : public File {
public:
  DiskFile(Disk& disk, std::shared_ptr<File> inner, std::filesystem::path path)
      : disk_(disk), inner_(std::move(inner)), path_(std::move(path)) {}

  Result<std::size_t> pwrite(std::string_view bytes, std::uint64_t offset) override {
    ++disk_.writes;
    if (disk_.full) return Error{Errc::full, "no space left"};
    auto& sectors = disk_.unsynced_[path_];
    for (auto n = offset / sector; n * sector < offset + bytes.size(); ++n) {
      if (sectors.contains(n)) continue;
      auto old = inner_->pread(n * sector, sector);
      if (!old) return old.error();
      sectors.emplace(n, std::move(*old));
    }
    return inner_->pwrite(bytes, offset);
  }
  Result<std::string> pread(std::uint64_t offset, std::size_t size) override {
    return inner_->pread(offset, size);
  }
  Result<void> sync() override {
    ++disk_.syncs;
    if (disk_.sync_fails) return Error{Errc::io, "sync failed"};
    disk_.unsynced_.erase(path_);
    return {};
  }
  Result<std::uint64_t> size() override { return inner_->size(); }
  Result<void> truncate(std::uint64_t size) override { return inner_->truncate(size); }
  Result<void> allocate(std::uint64_t size) override {
    if (disk_.full) return Error{Errc::full, "no space left"};
    const auto now = inner_->size();
    if (!now) return now.error();
    return *now < size ? inner_->truncate(size) : Result<void>{}; // sparse: reserving would only cost time
  }

private:
  Disk& disk_;
  std::shared_ptr<File> inner_;
  std::filesystem::path path_;
};

Result<std::shared_ptr<File>> Disk::open(const std::filesystem::path& path, OpenMode mode) {
  if (mode == OpenMode::create_new && full) return Error{Errc::full, "no space left"};
  auto inner = real_.open(path, mode);
  if (!inner || mode == OpenMode::read) return inner;
  return std::shared_ptr<File>(std::make_shared<DiskFile>(*this, *inner, path));
}

Result<void> Disk::remove(const std::filesystem::path& path) {
  unsynced_.erase(path);
  return real_.remove(path);
}

bool Disk::lose_power(Random& random) {
  bool lost = false;
  const auto keeps = random.draw(0, 100);
  for (auto& [path, sectors] : unsynced_) {
    const auto file = real_.open(path, OpenMode::read_write);
    if (!file) continue;
    for (const auto& [number, before] : sectors) {
      if (random.chance(keeps)) continue;
      const auto torn = random.one_in(4) ? static_cast<std::size_t>(random.draw(1, 511)) : 0;
      if (torn >= before.size()) continue;
      (void)(*file)->pwrite(std::string_view(before).substr(torn), number * sector + torn);
      lost = true;
    }
  }
  unsynced_.clear();
  return lost;
}

bool Disk::damage(const std::filesystem::path& directory, Random& random) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".bhj") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) return false;
  const auto& path =
      files[static_cast<std::size_t>(random.draw(0, static_cast<std::int64_t>(files.size()) - 1))];
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::string head(64 << 10, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  const auto used = head.find_last_not_of('\0');
  if (used == std::string::npos) return false;
  const auto at = random.draw(0, static_cast<std::int64_t>(used));
  file.clear();
  file.seekp(at);
  file.put(static_cast<char>(head[static_cast<std::size_t>(at)] ^ static_cast<char>(1 << random.draw(0, 6))));
  return true;
}

} // namespace bulkhead::simulation
