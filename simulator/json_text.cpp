#include "simulator/json_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::simulator {

std::string json_string(std::string_view text) {
  // Nearly every text needs no escape, and a JSON document for each would cost more than all the rest.
  const auto plain = [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; };
  if (std::all_of(text.begin(), text.end(), plain)) return fmt::format("\"{}\"", text);
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string decimal(model::Price price) { return model::to_string(price); }

std::string decimal(model::Money amount) {
  const bool negative = amount.micros < 0;
  const auto magnitude =
      negative ? 0 - static_cast<std::uint64_t>(amount.micros) : static_cast<std::uint64_t>(amount.micros);
  std::string out = fmt::format("{}{}", negative ? "-" : "", magnitude / 1'000'000);
  if (magnitude % 1'000'000 == 0) return out;
  out += fmt::format(".{:06}", magnitude % 1'000'000);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

JsonObject& JsonObject::raw(Name name, std::string_view json) {
  if (!members_.empty()) members_ += ',';
  members_ += '"';
  members_ += name.text(); // a word without anything to escape
  members_ += "\":";
  members_ += json;
  return *this;
}

JsonObject& JsonObject::maybe(Name name, const std::optional<std::string>& json) {
  if (json) return raw(name, *json);
  return omit_nulls_ ? *this : raw(name, "null");
}

} // namespace bulkhead::simulator
