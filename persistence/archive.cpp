#include "persistence/archive.hpp"

#include <fmt/format.h>

namespace bulkhead::persistence {

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    if (!ok()) return 0;
    const std::uint64_t part = next & 0x7FU;
    if (shift == 63 && part > 1) break;
    value |= part << shift;
    if ((next & 0x80U) != 0) continue;
    if (part == 0 && shift > 0) break; // a longer spelling of a shorter number
    return value;
  }
  fail("bad number");
  return 0;
}

void Reader::text(std::string& value) {
  const std::size_t size = count();
  value.assign(in_.substr(at_, size));
  at_ += size;
}

std::size_t Reader::count() {
  const std::uint64_t size = varint();
  if (size > remaining()) fail("length beyond the end");
  return ok() ? static_cast<std::size_t>(size) : 0;
}

model::Result<void> Reader::finish() const {
  const char* why = why_;
  if (why == nullptr && remaining() > 0) why = "bytes left over";
  if (why == nullptr) return {};
  return model::Error{model::Errc::corrupt, fmt::format("{} at byte {} of {}", why, at_, in_.size())};
}

} // namespace bulkhead::persistence
