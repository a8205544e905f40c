#include "actors/memory.hpp"

#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace bulkhead::actors {

MemoryUse memory_use() {
  std::int64_t size = 0;
  std::int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident; // pages
  const auto heap = mallinfo2();
  return {resident * sysconf(_SC_PAGESIZE) / 1024,
          static_cast<std::int64_t>((heap.uordblks + heap.hblkhd) / 1024)};
}

} // namespace bulkhead::actors
