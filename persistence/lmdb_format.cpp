#include "persistence/lmdb_format.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace bulkhead::persistence::lmdb_format {

using model::Errc;
using model::Error;
using model::Result;

namespace {

/// The node at the start of `raw`; its length in `bytes`, which may reach beyond `raw`.
Node node_in(std::string_view raw, bool branch, std::uint64_t& bytes) {
  Node node;
  const std::uint64_t word = field<std::uint16_t>(raw, 0) | std::uint64_t{field<std::uint16_t>(raw, 2)} << 16;
  const std::size_t key = field<std::uint16_t>(raw, 6);
  node.flags = field<std::uint16_t>(raw, 4);
  node.child = word | std::uint64_t{node.flags} << 32;
  node.size = word;
  const std::uint64_t inside = branch ? 0 : node.flags == overflow_node ? sizeof(Page) : node.size;
  bytes = (node_header_bytes + key + inside + 1) / 2 * 2;
  if (bytes > raw.size()) return node;
  node.key = raw.substr(node_header_bytes, key);
  node.data = raw.substr(node_header_bytes + key, static_cast<std::size_t>(inside));
  return node;
}

} // namespace

Error damage(Page page, std::string_view why) {
  return {Errc::corrupt, fmt::format("database page {}: {}", page, why)};
}

Tree tree_in(std::string_view bytes) {
  return {field<std::uint32_t>(bytes, 0),
          field<std::uint16_t>(bytes, 4),
          field<std::uint16_t>(bytes, 6),
          {field<std::uint64_t>(bytes, 8), field<std::uint64_t>(bytes, 16), field<std::uint64_t>(bytes, 24),
           field<std::uint64_t>(bytes, 32)},
          field<Page>(bytes, 40)};
}

Result<Meta> parse_meta(std::string_view bytes, Page page) {
  if (bytes.size() < meta_bytes) return damage(page, "cut off");
  const bool known = field<Page>(bytes, 0) == page && field<std::uint16_t>(bytes, 10) == meta_page &&
                     field<std::uint32_t>(bytes, 16) == magic && field<std::uint64_t>(bytes, 24) == 0;
  if (!known) return damage(page, "not a meta page");
  return Meta{field<std::uint32_t>(bytes, 20), tree_in(bytes.substr(40)), tree_in(bytes.substr(88)),
              field<Page>(bytes, 136), field<std::uint64_t>(bytes, 144)};
}

bool plausible(const Meta& meta, Page page, std::uint64_t pages) {
  // The flags that were given at creation: keys are numbers, and the path names the file itself.
  constexpr std::uint16_t number_keys = 0x08, path_is_file = 0x4000;
  const bool kinds =
      meta.free.flags == (number_keys | path_is_file) && meta.tables.flags == 0 && meta.tables.pad == 0;
  return kinds && meta.last_page >= 1 && meta.last_page < pages &&
         (meta.transaction == 0 || meta.transaction % 2 == page);
}

Result<std::vector<Node>> parse_nodes(Page page, std::string_view bytes, bool branch, bool number_keys) {
  const std::size_t lower = field<std::uint16_t>(bytes, 12);
  const std::size_t upper = field<std::uint16_t>(bytes, 14);
  if (lower < page_header_bytes || lower % 2 != 0 || lower > upper || upper > bytes.size())
    return damage(page, "wrong bounds");
  std::vector<Node> nodes;
  std::vector<std::pair<std::size_t, std::size_t>> places; // first byte, byte after
  for (std::size_t index = page_header_bytes; index < lower; index += 2) {
    const std::size_t start = field<std::uint16_t>(bytes, index);
    if (start < upper || start + node_header_bytes > bytes.size()) return damage(page, "node out of bounds");
    std::uint64_t length = 0;
    const auto raw = bytes.substr(start);
    const Node node = node_in(raw, branch, length);
    if (length > raw.size()) return damage(page, "node out of bounds");
    const bool keyless = branch && nodes.empty();
    const std::size_t key = node.key.size();
    if (!keyless && (number_keys ? key != sizeof(std::uint64_t) : key == 0 || key > longest_key))
      return damage(page, "key of impossible length");
    nodes.push_back(node);
    places.emplace_back(start, start + static_cast<std::size_t>(length));
  }
  std::sort(places.begin(), places.end());
  std::size_t end = upper;
  for (const auto& [first, after] : places) {
    if (first != std::exchange(end, after)) return damage(page, "nodes leave a gap or overlap");
  }
  if (end != bytes.size()) return damage(page, "nodes leave a gap");
  return nodes;
}

} // namespace bulkhead::persistence::lmdb_format
