#include "persistence/store.hpp"

#include <fmt/format.h>

namespace bulkhead::persistence {

model::Result<void> check_key(std::string_view key) {
  if (!key.empty() && key.size() <= max_key_bytes) return {};
  return model::Error{model::Errc::out_of_range,
                      fmt::format("a key has 1 to {} bytes, this one {}", max_key_bytes, key.size())};
}

} // namespace bulkhead::persistence
