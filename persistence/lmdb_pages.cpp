#include "persistence/lmdb_pages.hpp"
#include "persistence/file.hpp"
#include "persistence/lmdb_format.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

namespace bulkhead::persistence {
namespace {

using namespace lmdb_format;
using model::Errc;
using model::Error;
using model::Result;

enum class Kind { free_pages, table_names, table };

/// What a walk has seen of one tree so far.
struct Seen {
  Kind kind = Kind::table;
  Counts counts{};
  std::vector<Tree> tables;
};

class Walker {
public:
  Walker(File& file, std::size_t page_size, Page pages) : file_(file), size_(page_size), used_(pages) {
    used_[0] = used_[1] = true; // the meta pages
  }

  Result<void> walk(const Tree& tree, Kind kind) {
    const bool empty = tree.root == no_page;
    if (tree.depth > deepest || empty != (tree.depth == 0)) return damage(tree.root, "impossible depth");
    Seen seen;
    seen.kind = kind;
    if (!empty) {
      if (auto done = visit(tree.root, tree.depth, {}, {}, seen); !done) return done;
    }
    if (seen.counts != tree.counts) return damage(tree.root, "the tree is not as large as its record says");
    for (const Tree& table : seen.tables) {
      if (table.flags != 0 || table.pad != 0) return damage(table.root, "table of an unknown kind");
      if (auto done = walk(table, Kind::table); !done) return done;
    }
    return {};
  }

private:
  using Bound = std::optional<std::string_view>;

  static bool less(Kind kind, std::string_view a, std::string_view b) {
    return kind == Kind::free_pages ? field<std::uint64_t>(a, 0) < field<std::uint64_t>(b, 0) : a < b;
  }

  /// Marks a run of pages as met.
  Result<void> take(Page first, std::uint64_t count) {
    if (first >= used_.size() || count > used_.size() - first) return damage(first, "beyond the last page");
    for (Page page = first; page < first + count; ++page) {
      if (used_[page]) return damage(page, "in use twice");
      used_[page] = true;
    }
    return {};
  }

  Result<std::string> read(Page page, std::uint64_t count) {
    auto bytes = file_.pread(page * size_, static_cast<std::size_t>(count * size_));
    if (bytes && bytes->size() < count * size_) return damage(page, "cut off");
    if (bytes && field<Page>(*bytes, 0) != page) return damage(page, "carries another number");
    return bytes;
  }

  /// Keys must lie from `low` on and below `high`. As deep as the tree says, so `deepest` at most.
  Result<void> visit(Page page, unsigned depth, Bound low, Bound high, Seen& seen) {
    if (auto taken = take(page, 1); !taken) return taken;
    const auto bytes = read(page, 1);
    if (!bytes) return bytes.error();
    const bool branch = depth > 1;
    if (field<std::uint16_t>(*bytes, 10) != (branch ? branch_page : leaf_page))
      return damage(page, "of another kind");
    const bool numbers = seen.kind == Kind::free_pages;
    const auto nodes = parse_nodes(page, *bytes, branch, numbers);
    if (!nodes) return nodes.error();
    // LMDB ends the process over a branch that has one child, except in the tree of free pages.
    if (nodes->size() < (branch && !numbers ? 2U : 1U)) return damage(page, "too empty");
    ++seen.counts[branch ? 0 : 1];
    Bound last = low;
    for (std::size_t i = 0; i < nodes->size(); ++i) {
      const Node& node = (*nodes)[i];
      if (!branch || i > 0) {
        const bool rises = !last || less(seen.kind, *last, node.key) || (i == 0 && *last == node.key);
        if (!rises || (high && !less(seen.kind, node.key, *high))) return damage(page, "keys out of order");
        last = node.key;
      }
      const Bound next = i + 1 < nodes->size() ? Bound{(*nodes)[i + 1].key} : high;
      const auto done = branch ? visit(node.child, depth - 1, last, next, seen) : value(page, node, seen);
      if (!done) return done;
    }
    return {};
  }

  Result<void> value(Page page, const Node& node, Seen& seen) {
    ++seen.counts[3];
    const bool numbers = seen.kind == Kind::free_pages;
    if (seen.kind == Kind::table_names) {
      if (node.flags != table_node || node.size != tree_bytes)
        return damage(page, "not the record of a table");
      seen.tables.push_back(tree_in(node.data));
      return {};
    }
    if (node.flags == overflow_node) return overflow(field<Page>(node.data, 0), node.size, seen);
    if (node.flags != 0) return damage(page, "node of an unknown kind");
    return numbers ? free_pages(page, node.data) : Result<void>{};
  }

  Result<void> overflow(Page first, std::uint64_t size, Seen& seen) {
    const std::uint64_t needed = (page_header_bytes - 1 + size) / size_ + 1;
    if (first >= used_.size() || needed > used_.size() - first) return damage(first, "beyond the last page");
    const bool numbers = seen.kind == Kind::free_pages;
    const auto bytes = read(first, numbers ? needed : 1);
    if (!bytes) return bytes.error();
    const std::uint64_t length = field<std::uint32_t>(*bytes, 12);
    if (field<std::uint16_t>(*bytes, 10) != overflow_page || length < needed)
      return damage(first, "not the overflow it should be");
    seen.counts[2] += length;
    if (auto taken = take(first, length); !taken) return taken;
    if (!numbers) return {};
    return free_pages(first,
                      std::string_view{*bytes}.substr(page_header_bytes, static_cast<std::size_t>(size)));
  }

  Result<void> free_pages(Page page, std::string_view list) {
    const std::uint64_t room = list.size() / sizeof(Page);
    const std::uint64_t count = room > 0 ? field<std::uint64_t>(list, 0) : room;
    if (count >= room || list.size() % sizeof(Page) != 0) return damage(page, "not a list of pages");
    Page above = no_page;
    for (std::uint64_t i = 1; i <= count; ++i) {
      const Page free = field<Page>(list, static_cast<std::size_t>(i * sizeof(Page)));
      if (free >= std::exchange(above, free)) return damage(page, "free pages out of order");
      if (auto taken = take(free, 1); !taken) return taken;
    }
    return {};
  }

  File& file_;
  std::size_t size_;
  std::vector<bool> used_; // by page number
};

Result<Meta> read_meta(File& file, Page page, std::size_t page_size) {
  const auto bytes = file.pread(page * page_size, meta_bytes);
  return bytes ? parse_meta(*bytes, page) : bytes.error();
}

Result<void> check(File& file) {
  constexpr std::size_t smallest_page = 512, largest_page = 32768;
  const auto length = file.size();
  if (!length) return length.error();
  if (*length == 0) return {};
  const auto zero = read_meta(file, 0, 0);
  if (!zero) return zero.error();
  const std::size_t size = zero->free.pad;
  if (size < smallest_page || size > largest_page || (size & (size - 1)) != 0)
    return damage(0, "impossible page size");
  const auto one = read_meta(file, 1, size);
  if (!one) return one.error();
  if (one->free.pad != size || one->version != zero->version) return damage(1, "unlike the other meta page");
  if (zero->version != version)
    return Error{Errc::unsupported,
                 fmt::format("LMDB format {}, this release reads {}", zero->version, version)};
  if (!plausible(*zero, 0, *length / size)) return damage(0, "not plausible for this file");
  if (!plausible(*one, 1, *length / size)) return damage(1, "not plausible for this file");
  const bool first_is_older = zero->transaction < one->transaction;
  const Meta& older = first_is_older ? *zero : *one;
  const Meta& newer = first_is_older ? *one : *zero;
  if (newer.transaction - older.transaction > 1 || older.last_page > newer.last_page)
    return damage(0, "the meta pages do not follow each other");
  Walker walker(file, size, newer.last_page + 1);
  if (auto walked = walker.walk(newer.free, Kind::free_pages); !walked) return walked;
  return walker.walk(newer.tables, Kind::table_names);
}

} // namespace

Result<void> check_lmdb_file(const std::filesystem::path& path) {
  PosixDisk disk;
  const auto file = disk.open(path, OpenMode::read);
  if (!file) return file.error().code() == Errc::not_found ? Result<void>{} : file.error();
  const auto checked = check(**file);
  return checked ? checked : checked.error().with_context(path.string());
}

} // namespace bulkhead::persistence
