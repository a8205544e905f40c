#pragma once
// Pages, nodes and records of an LMDB file as values, for lmdb_pages.cpp; nothing here is believed before its
// bounds were checked. Pure functions over bytes, any thread. Views point into the bytes that were given.
//
// The on-disk format of LMDB 0.9 (magic 0xBEEFC0DE, version 1) on 64 bits, little-endian, that is relied on:
//   page    number u64, pad u16, flags u16, then lower u16 and upper u16, or the length of an overflow in
//           pages u32; flags 1 branch, 2 leaf, 4 overflow, 8 meta. From byte 16 to `lower` stand the offsets
//           of the nodes (u16), sorted by key; from `upper` to the end the nodes, without a gap.
//   node    size low u16, size high u16, flags u16, length of the key u16, key, data; padded to 2 bytes. In a
//           branch the first 6 bytes are the child's page, and the key of the first node means nothing. Flag
//           1: the data is the number of an overflow page; 2: the data is a tree, that is a table.
//   tree    pad u32, flags u16, depth u16, then u64 each: branch, leaf and overflow pages, entries, root page
//           (all ones: empty).
//   meta    pages 0 and 1, from byte 16: magic u32, version u32, address u64, map size u64, the tree of free
//           pages (its pad is the page size), the tree of tables, last page u64, transaction u64. The higher
//           transaction counts; they alternate between the two.
//   free    key: transaction u64 (sorted as a number); data: count u64, so many page numbers, descending.

#include "model/error.hpp"
#include "persistence/bytes.hpp"

#include <array>
#include <vector>

namespace bulkhead::persistence::lmdb_format {

using Page = std::uint64_t;

inline constexpr std::uint32_t magic = 0xBEEFC0DE;
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t page_header_bytes = 16;
inline constexpr std::size_t node_header_bytes = 8;
inline constexpr std::size_t tree_bytes = 48;
inline constexpr std::size_t meta_bytes = 152; // with the page header
inline constexpr std::size_t longest_key = 511;
inline constexpr std::uint16_t deepest = 32; // LMDB's cursors hold no more
inline constexpr std::uint16_t branch_page = 1, leaf_page = 2, overflow_page = 4, meta_page = 8;
inline constexpr std::uint16_t overflow_node = 1, table_node = 2;
inline constexpr Page no_page = ~Page{0};

/// Requires: offset + sizeof(T) <= bytes.size().
template <class T>
[[nodiscard]] T field(std::string_view bytes, std::size_t offset) {
  return load_le<T>(bytes.substr(offset));
}

[[nodiscard]] model::Error damage(Page page, std::string_view why);

using Counts = std::array<std::uint64_t, 4>; // branch, leaf and overflow pages, entries

struct Tree {
  std::uint32_t pad = 0;
  std::uint16_t flags = 0;
  std::uint16_t depth = 0;
  Counts counts{};
  Page root = no_page;
};
/// Requires: tree_bytes bytes.
[[nodiscard]] Tree tree_in(std::string_view bytes);

struct Meta {
  std::uint32_t version = 0;
  Tree free;
  Tree tables;
  Page last_page = 0;
  std::uint64_t transaction = 0;
};
/// The meta page whose number is `page`. Errors: corrupt.
[[nodiscard]] model::Result<Meta> parse_meta(std::string_view bytes, Page page);
/// True when the meta page can belong to a file of so many pages that only this program wrote.
[[nodiscard]] bool plausible(const Meta& meta, Page page, std::uint64_t pages);

struct Node {
  std::string_view key;
  std::uint16_t flags = 0;
  std::uint64_t size = 0; // of the data
  std::string_view data;  // as far as it lies inside the page
  Page child = 0;         // of a branch
};
/// The nodes of a page, which must fill it from `upper` to its end without gap or overlap. Errors: corrupt.
[[nodiscard]] model::Result<std::vector<Node>> parse_nodes(Page page, std::string_view bytes, bool branch,
                                                           bool number_keys);

} // namespace bulkhead::persistence::lmdb_format
