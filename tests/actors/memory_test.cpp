// What the process says it uses of memory.

#include "actors/memory.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bulkhead::actors {
namespace {

TEST(Memory, TheHeapGrowsByWhatIsAllocatedAndShrinksWhenItIsFreed) {
  const auto before = memory_use();
  EXPECT_GT(before.resident_kib, 1000);
  if (before.heap_kib == 0) GTEST_SKIP() << "the allocator of a sanitizer counts nothing";
  std::vector<char> large(std::size_t{64} << 20U, 'x'), small(std::size_t{64} << 10U, 'x');
  const auto held = memory_use();
  EXPECT_GE(held.heap_kib, before.heap_kib + 64 * 1024 + 64);
  EXPECT_GE(held.resident_kib, before.resident_kib + 64 * 1024);
  std::vector<char>().swap(large);
  EXPECT_LT(memory_use().heap_kib, before.heap_kib + 1024);
}

} // namespace
} // namespace bulkhead::actors
