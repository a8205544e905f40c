#pragma once
// CRC-32C (Castagnoli), the checksum of journal records and database rows. A value owned by its user; the
// free function may be called from any thread.

#include <boost/crc.hpp>
#include <cstdint>
#include <string_view>

namespace bulkhead::persistence {

class Crc32c {
public:
  Crc32c& add(std::string_view bytes);
  [[nodiscard]] std::uint32_t value() const { return crc_.checksum(); }

private:
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc_;
};

[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

} // namespace bulkhead::persistence
