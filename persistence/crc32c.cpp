#include "persistence/crc32c.hpp"

#include <array>
#include <cstring>

namespace bulkhead::persistence {
namespace {

constexpr std::uint32_t castagnoli = 0x82F63B78; // 0x1EDC6F41, the lowest bit first

constexpr auto table = [] {
  std::array<std::uint32_t, 256> out{};
  for (std::uint32_t byte = 0; byte < out.size(); ++byte) {
    out[byte] = byte;
    for (int bit = 0; bit < 8; ++bit) out[byte] = out[byte] >> 1U ^ ((out[byte] & 1U) != 0 ? castagnoli : 0);
  }
  return out;
}();

std::uint32_t add_by_table(std::uint32_t rest, std::string_view bytes) {
  for (const char c : bytes) rest = rest >> 8U ^ table[(rest ^ static_cast<unsigned char>(c)) & 0xFFU];
  return rest;
}

#if defined(__x86_64__)
/// Eight bytes an instruction; the journal's checksums are on the way of every breach.
__attribute__((target("sse4.2"))) std::uint32_t add_by_instruction(std::uint32_t rest,
                                                                   std::string_view bytes) {
  std::uint64_t wide = rest;
  for (; bytes.size() >= sizeof wide; bytes.remove_prefix(sizeof wide)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data(), sizeof eight);
    wide = __builtin_ia32_crc32di(wide, eight);
  }
  rest = static_cast<std::uint32_t>(wide);
  for (const char c : bytes) rest = __builtin_ia32_crc32qi(rest, static_cast<unsigned char>(c));
  return rest;
}

std::uint32_t add_to(std::uint32_t rest, std::string_view bytes) {
  return __builtin_cpu_supports("sse4.2") != 0 ? add_by_instruction(rest, bytes) : add_by_table(rest, bytes);
}
#else
std::uint32_t add_to(std::uint32_t rest, std::string_view bytes) { return add_by_table(rest, bytes); }
#endif

} // namespace

Crc32c& Crc32c::add(std::string_view bytes) {
  rest_ = add_to(rest_, bytes);
  return *this;
}

std::uint32_t crc32c(std::string_view bytes) { return Crc32c{}.add(bytes).value(); }

std::uint32_t crc32c_by_table(std::string_view bytes) { return ~add_by_table(0xFFFFFFFF, bytes); }

} // namespace bulkhead::persistence
