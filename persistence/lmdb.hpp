#pragma once
// LMDB behind values and Results; lmdb.cpp alone sees its header. Always the default, synced mode: a commit
// is durable when it returns, and neither a full disk nor a power cut can destroy the tree. The file is
// sparse and as long as its map, which doubles when it is full (until max_map_bytes, then Errc::full). LMDB
// believes every page it maps, so lmdb_pages checks the structure of the file before it is opened. One
// environment per file and process; one thread at a time; never after a fork.

#include "model/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace bulkhead::persistence {

struct LmdbOptions {
  std::uint64_t map_bytes = 16 << 20; // to begin with
  std::uint64_t max_map_bytes = std::uint64_t{64} << 30;
  unsigned max_tables = 16;
};

struct LmdbRelease {
  void operator()(MDB_env* env) const noexcept;
  void operator()(MDB_txn* txn) const noexcept; // aborts
  void operator()(MDB_cursor* cursor) const noexcept;
};

/// A named table. Valid for the life of the environment.
enum class LmdbTable : unsigned {};

/// A transaction inside LmdbEnv::read() or update(). Views it hands out are valid until the next change in
/// the transaction and never beyond it. Keys have 1 to 511 bytes.
class LmdbTxn {
public:
  /// False stops the walk.
  using Visit = std::function<model::Result<bool>(std::string_view key, std::string_view value)>;

  [[nodiscard]] model::Result<std::optional<std::string_view>> get(LmdbTable table,
                                                                   std::string_view key) const;
  /// Requires: inside update().
  [[nodiscard]] model::Result<void> put(LmdbTable table, std::string_view key, std::string_view value);
  [[nodiscard]] model::Result<void> erase(LmdbTable table, std::string_view key); // no error when absent
  /// Keys that begin with `prefix`, ascending. With an empty prefix the rows must be as many as the table
  /// says, else it is corrupt: damage that hides rows is not taken for their absence.
  [[nodiscard]] model::Result<void> ascend(LmdbTable table, std::string_view prefix,
                                           const Visit& visit) const {
    return walk(table, prefix, true, visit);
  }
  /// Keys that begin with `prefix`, descending. Requires: a non-empty prefix.
  [[nodiscard]] model::Result<void> descend(LmdbTable table, std::string_view prefix,
                                            const Visit& visit) const {
    return walk(table, prefix, false, visit);
  }

private:
  friend class LmdbEnv;
  explicit LmdbTxn(MDB_txn* txn) : txn_(txn) {}
  [[nodiscard]] model::Result<void> walk(LmdbTable table, std::string_view prefix, bool forward,
                                         const Visit& visit) const;
  [[nodiscard]] model::Result<void> noted(int code, std::string_view what);

  MDB_txn* txn_;
  bool map_full_ = false;
};

class LmdbEnv {
public:
  /// Opens or creates the file (mode 0600) and its lock file beside it. Errors: corrupt (no database, or a
  /// damaged one), busy, full, io.
  [[nodiscard]] static model::Result<LmdbEnv> open(const std::filesystem::path& file,
                                                   LmdbOptions options = {});

  /// Opens or creates tables, in one commit; answers them in the order of their names. Errors: corrupt when
  /// the file holds others as well, as it does when a name was damaged. Requires: not inside a transaction.
  [[nodiscard]] model::Result<std::vector<LmdbTable>> tables(const std::vector<const char*>& names);
  [[nodiscard]] model::Result<void>
  read(const std::function<model::Result<void>(const LmdbTxn&)>& work) const;
  /// Commits when `work` succeeds, else changes nothing. `work` runs again when the map had to grow.
  [[nodiscard]] model::Result<void> update(const std::function<model::Result<void>(LmdbTxn&)>& work);
  [[nodiscard]] std::uint64_t map_bytes() const noexcept { return map_bytes_; }

private:
  LmdbEnv(std::unique_ptr<MDB_env, LmdbRelease> env, std::filesystem::path file, LmdbOptions options)
      : env_(std::move(env)), file_(std::move(file)), options_(options), map_bytes_(options.map_bytes) {}
  [[nodiscard]] model::Result<void> grow();
  [[nodiscard]] model::Result<std::unique_ptr<MDB_txn, LmdbRelease>> begin(unsigned flags) const;
  [[nodiscard]] model::Error error(int code, std::string_view what) const;

  std::unique_ptr<MDB_env, LmdbRelease> env_;
  std::filesystem::path file_;
  LmdbOptions options_;
  std::uint64_t map_bytes_;
};

} // namespace bulkhead::persistence
