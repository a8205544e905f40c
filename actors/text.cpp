#include "actors/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::actors {

std::string escaped(std::string_view text, std::size_t longest) {
  std::string out;
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  if (text.size() > longest) out += "...";
  return out;
}

std::string json_array(std::string_view text) {
  return nlohmann::json::array({std::string(text)})
      .dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace bulkhead::actors
