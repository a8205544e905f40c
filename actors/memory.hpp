#pragma once
// What the process uses of memory, for `status`: a heap that grows under a steady load is a leak, while
// resident memory also holds what was freed and will be used again. Any thread; takes the lock of each arena
// of the allocator for a moment, so ask on request and not for every event.

#include <cstdint>

namespace bulkhead::actors {

struct MemoryUse {
  std::int64_t resident_kib = 0; // in main memory, mapped files among it
  std::int64_t heap_kib = 0;     // allocated and not freed
};
[[nodiscard]] MemoryUse memory_use();

} // namespace bulkhead::actors
