#include "persistence/crc32c.hpp"

namespace bulkhead::persistence {

Crc32c& Crc32c::add(std::string_view bytes) {
  crc_.process_bytes(bytes.data(), bytes.size());
  return *this;
}

std::uint32_t crc32c(std::string_view bytes) { return Crc32c{}.add(bytes).value(); }

} // namespace bulkhead::persistence
