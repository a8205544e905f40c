#pragma once
// A disk in memory that loses power: every write since the last sync of its file may be there afterwards or
// not, sector by sector, or in part. Also full, failing or slow on order. The bytes lie in files under
// /dev/shm, because the journal lists directories; nothing of them touches a real disk. One thread.

#include "persistence/file.hpp"
#include "tests/simulation/random.hpp"

#include <map>
#include <memory>

namespace bulkhead::simulation {

class Disk final : public persistence::Disk {
public:
  bool full = false;       // writes and new files fail with Errc::full
  bool sync_fails = false; // every sync fails
  std::uint64_t writes = 0, syncs = 0;

  /// What the machine finds when it is switched on again. Whether anything was lost.
  bool lose_power(Random& random);
  /// Turns bits round in a file, as a failing medium would.
  static bool damage(const std::filesystem::path& directory, Random& random);

  model::Result<std::shared_ptr<persistence::File>> open(const std::filesystem::path& path,
                                                         persistence::OpenMode mode) override;
  model::Result<void> remove(const std::filesystem::path& path) override;
  model::Result<void> make_directory(const std::filesystem::path& path) override {
    return real_.make_directory(path);
  }
  model::Result<void> sync_directory(const std::filesystem::path&) override { return {}; }

private:
  friend class DiskFile;
  using Sectors = std::map<std::uint64_t, std::string>; // by number: content at the last sync
  persistence::PosixDisk real_;
  std::map<std::filesystem::path, Sectors> unsynced_;
};

} // namespace bulkhead::simulation
