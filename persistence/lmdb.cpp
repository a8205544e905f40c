#include "persistence/lmdb.hpp"
#include "persistence/bytes.hpp"
#include "persistence/file.hpp"
#include "persistence/lmdb_pages.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <lmdb.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;
using model::Result;

Errc errc_of(int code) noexcept {
  if (code == MDB_MAP_FULL || is_out_of_space(code)) return Errc::full;
  if (code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID) return Errc::corrupt;
  if (code == MDB_VERSION_MISMATCH || code == MDB_INCOMPATIBLE) return Errc::unsupported;
  if (code == MDB_READERS_FULL || code == EAGAIN || code == EBUSY) return Errc::busy;
  return code == MDB_BAD_VALSIZE ? Errc::out_of_range : Errc::io;
}

Error lmdb_error(int code, std::string_view what) {
  return {errc_of(code), fmt::format("database: {}: {}", what, mdb_strerror(code))};
}

MDB_dbi handle(LmdbTable table) noexcept { return static_cast<MDB_dbi>(table); }
MDB_val to_val(std::string_view bytes) noexcept { return {bytes.size(), const_cast<char*>(bytes.data())}; }
std::string_view to_view(const MDB_val& value) noexcept {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

} // namespace

Result<std::optional<std::string_view>> LmdbTxn::get(LmdbTable table, std::string_view key) const {
  MDB_val k = to_val(key);
  MDB_val value{};
  const int code = mdb_get(txn_, handle(table), &k, &value);
  if (code == MDB_NOTFOUND) return std::optional<std::string_view>{};
  if (code != 0) return lmdb_error(code, "get");
  return std::optional<std::string_view>{to_view(value)};
}

Result<void> LmdbTxn::walk(LmdbTable table, std::string_view prefix, bool forward, const Visit& visit) const {
  MDB_cursor* raw = nullptr;
  int code = mdb_cursor_open(txn_, handle(table), &raw);
  if (code != 0) return lmdb_error(code, "cursor");
  const std::unique_ptr<MDB_cursor, LmdbRelease> cursor(raw);
  const std::string start = forward ? std::string{prefix} : after_prefix(prefix);
  MDB_val key = to_val(start);
  MDB_val value{};
  std::size_t seen = 0;
  code = start.empty() ? MDB_NOTFOUND : mdb_cursor_get(raw, &key, &value, MDB_SET_RANGE);
  if (!forward) code = mdb_cursor_get(raw, &key, &value, code == 0 ? MDB_PREV : MDB_LAST);
  if (forward && start.empty()) code = mdb_cursor_get(raw, &key, &value, MDB_FIRST);
  for (; code == 0; code = mdb_cursor_get(raw, &key, &value, forward ? MDB_NEXT : MDB_PREV)) {
    if (!to_view(key).starts_with(prefix)) return {};
    ++seen;
    const auto more = visit(to_view(key), to_view(value));
    if (!more) return more.error();
    if (!*more) return {};
  }
  if (code != MDB_NOTFOUND) return lmdb_error(code, "walk");
  MDB_stat stat{};
  code = mdb_stat(txn_, handle(table), &stat);
  if (code == 0 && start.empty() && seen != stat.ms_entries) code = MDB_CORRUPTED;
  if (code != 0) return lmdb_error(code, "walk");
  return {};
}

Result<void> LmdbTxn::noted(int code, std::string_view what) {
  map_full_ = map_full_ || code == MDB_MAP_FULL;
  if (code != 0) return lmdb_error(code, what);
  return {};
}

Result<void> LmdbTxn::put(LmdbTable table, std::string_view key, std::string_view value) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  return noted(mdb_put(txn_, handle(table), &k, &v, 0), "put");
}

Result<void> LmdbTxn::erase(LmdbTable table, std::string_view key) {
  MDB_val k = to_val(key);
  const int code = mdb_del(txn_, handle(table), &k, nullptr);
  return noted(code == MDB_NOTFOUND ? 0 : code, "erase");
}

void LmdbRelease::operator()(MDB_env* env) const noexcept { mdb_env_close(env); }
void LmdbRelease::operator()(MDB_txn* txn) const noexcept { mdb_txn_abort(txn); }
void LmdbRelease::operator()(MDB_cursor* cursor) const noexcept { mdb_cursor_close(cursor); }

Error LmdbEnv::error(int code, std::string_view what) const {
  return lmdb_error(code, what).with_context(file_.string());
}

Result<LmdbEnv> LmdbEnv::open(const std::filesystem::path& file, LmdbOptions options) {
  if (auto checked = check_lmdb_file(file); !checked) return checked.error();
  MDB_env* raw = nullptr;
  if (const int code = mdb_env_create(&raw); code != 0) return lmdb_error(code, "create");
  LmdbEnv env(std::unique_ptr<MDB_env, LmdbRelease>(raw), file, options);
  // A file that has grown in an earlier run needs the map it had then.
  if (const auto length = file_length(file)) env.map_bytes_ = std::max(env.map_bytes_, *length);
  env.map_bytes_ = (env.map_bytes_ + 4095) / 4096 * 4096;
  int code = mdb_env_set_mapsize(raw, env.map_bytes_);
  if (code == 0) code = mdb_env_set_maxdbs(raw, options.max_tables);
  // NOSUBDIR: the path is the file. NOTLS: transactions belong to values, not to threads.
  if (code == 0) code = mdb_env_open(raw, file.c_str(), MDB_NOSUBDIR | MDB_NOTLS, 0600);
  if (code != 0) return env.error(code, "open");
  // As long as the map, with holes: LMDB leaves pages unwritten that a transaction took and gave back, so the
  // length it would give the file by itself says nothing about being cut off.
  if (auto done = lengthen_file(file, env.map_bytes_); !done) return done.error();
  int dead = 0; // slots of readers whose process died, which would keep old pages alive
  if (code = mdb_reader_check(raw, &dead); code != 0) return env.error(code, "reader check");
  return env;
}

Result<void> LmdbEnv::grow() {
  if (map_bytes_ * 2 > options_.max_map_bytes) return error(MDB_MAP_FULL, "grow");
  // The file first: with a map beyond its end it could end before its last page.
  if (auto done = lengthen_file(file_, map_bytes_ * 2); !done) return done;
  if (const int code = mdb_env_set_mapsize(env_.get(), map_bytes_ * 2); code != 0) return error(code, "grow");
  map_bytes_ *= 2;
  return {};
}

Result<std::unique_ptr<MDB_txn, LmdbRelease>> LmdbEnv::begin(unsigned flags) const {
  MDB_txn* raw = nullptr;
  if (const int code = mdb_txn_begin(env_.get(), nullptr, flags, &raw); code != 0)
    return error(code, "begin");
  return std::unique_ptr<MDB_txn, LmdbRelease>(raw);
}

Result<std::vector<LmdbTable>> LmdbEnv::tables(const std::vector<const char*>& names) {
  auto txn = begin(0);
  if (!txn) return txn.error();
  std::vector<LmdbTable> opened;
  int code = 0;
  for (const char* name : names) {
    MDB_dbi dbi = 0;
    if (code == 0) code = mdb_dbi_open(txn->get(), name, MDB_CREATE, &dbi);
    opened.push_back(LmdbTable{dbi});
  }
  MDB_dbi all = 0;
  MDB_stat stat{};
  if (code == 0) code = mdb_dbi_open(txn->get(), nullptr, 0, &all);
  if (code == 0) code = mdb_stat(txn->get(), all, &stat);
  if (code == 0 && stat.ms_entries != names.size()) code = MDB_CORRUPTED;
  if (code == 0) code = mdb_txn_commit(txn->release());
  if (code != 0) return error(code, "open tables");
  return opened;
}

Result<void> LmdbEnv::read(const std::function<Result<void>(const LmdbTxn&)>& work) const {
  const auto txn = begin(MDB_RDONLY);
  if (!txn) return txn.error();
  return work(LmdbTxn{txn->get()});
}

Result<void> LmdbEnv::update(const std::function<Result<void>(LmdbTxn&)>& work) {
  for (;;) {
    auto txn = begin(0);
    if (!txn) return txn.error();
    LmdbTxn view(txn->get());
    const auto done = work(view);
    if (!done && !view.map_full_) return done;
    const int code = done ? mdb_txn_commit(txn->release()) : MDB_MAP_FULL;
    if (code == 0) return {};
    if (code != MDB_MAP_FULL) return error(code, "commit");
    txn->reset(); // the map can only grow while nobody uses it
    if (auto grown = grow(); !grown) return grown;
  }
}

} // namespace bulkhead::persistence
