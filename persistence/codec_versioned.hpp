#pragma once
// One version byte in front of the fields; see codec.hpp. Included by the codec only; any thread.

#include "persistence/archive.hpp"
#include "persistence/archive_types.hpp"

#include <fmt/format.h>

namespace bulkhead::persistence {

template <class T>
void encode_versioned(const T& value, std::uint8_t version, std::string& out) {
  Writer ar(out);
  ar.byte(version);
  ar(value);
}

template <class T>
[[nodiscard]] model::Result<T> decode_versioned(std::string_view bytes, std::uint8_t version,
                                                const char* what) {
  Reader ar(bytes);
  const std::uint8_t found = ar.byte();
  if (ar.ok() && found > version) {
    return model::Error{model::Errc::unsupported,
                        fmt::format("{} of version {}, this release reads up to {}", what, found, version)};
  }
  if (found == 0) ar.fail("version 0");
  ar.set_version(found);
  T value;
  if (ar.ok()) ar(value);
  if (auto done = ar.finish(); !done) return done.error().with_context(what);
  return value;
}

} // namespace bulkhead::persistence
