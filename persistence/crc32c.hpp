#pragma once
// CRC-32C (Castagnoli), the checksum of journal records and database rows. A value owned by its user; the
// free functions may be called from any thread.

#include <cstdint>
#include <string_view>

namespace bulkhead::persistence {

class Crc32c {
public:
  Crc32c& add(std::string_view bytes);
  [[nodiscard]] std::uint32_t value() const noexcept { return ~rest_; }

private:
  std::uint32_t rest_ = 0xFFFFFFFF;
};

[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);
/// The same without the processor's own instruction, as where it has none.
[[nodiscard]] std::uint32_t crc32c_by_table(std::string_view bytes);

} // namespace bulkhead::persistence
