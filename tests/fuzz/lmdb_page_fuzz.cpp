// A page of a database file of any content: whatever is taken for its nodes lies inside the page, has keys of
// possible length, and the nodes fill the page without a gap.

#include "persistence/lmdb_format.hpp"
#include "tests/fuzz/bytes.hpp"

#include <string>

using namespace bulkhead;
using fuzz::expect;
namespace format = persistence::lmdb_format;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const auto flags = bytes.byte();
  std::string page(bytes.rest());
  if (const auto meta = format::parse_meta(page, flags & 1)) {
    expect(page.size() >= format::meta_bytes, "no meta page is shorter than its fields");
    if (format::plausible(*meta, flags & 1, 100)) expect(meta->last_page < 100, "inside the file");
  }
  page.resize(512); // the file is read in whole pages
  const bool branch = (flags & 2) != 0;
  const bool numbers = (flags & 4) != 0;
  const auto nodes = format::parse_nodes(7, page, branch, numbers);
  if (!nodes) return 0;
  const std::string_view whole(page);
  const auto inside = [&](std::string_view part) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
  };
  std::size_t used = 0;
  for (const auto& node : *nodes) {
    expect(inside(node.key) && inside(node.data), "a node lies inside its page");
    const bool first_of_branch = branch && &node == &nodes->front();
    expect(first_of_branch || !node.key.empty(), "a key has a length");
    if (numbers && !first_of_branch) expect(node.key.size() == 8, "a number has eight bytes");
    if (!branch && node.flags != format::overflow_node)
      expect(node.data.size() == node.size, "all of its data");
    used += (format::node_header_bytes + node.key.size() + node.data.size() + 1) / 2 * 2;
  }
  const auto lower = format::page_header_bytes + 2 * nodes->size();
  expect(lower + used <= page.size(), "the nodes fit beside their offsets");
  return 0;
}
