#include "persistence/record.hpp"
#include "persistence/bytes.hpp"
#include "persistence/crc32c.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace bulkhead::persistence {
namespace {

constexpr std::size_t frame_bytes = 1 + sizeof(std::uint32_t);

std::uint32_t checksum(std::string_view table, std::string_view key, std::string_view payload) {
  std::string lengths; // so that no byte can move from the table's name to the key or into the payload
  append_le(lengths, static_cast<std::uint32_t>(table.size()));
  append_le(lengths, static_cast<std::uint32_t>(key.size()));
  return Crc32c{}.add(lengths).add(table).add(key).add(payload).value();
}

} // namespace

std::string frame_record(std::string_view table, std::string_view key, std::string_view payload) {
  std::string out;
  out.reserve(frame_bytes + payload.size());
  out.push_back(static_cast<char>(frame_version));
  append_le(out, checksum(table, key, payload));
  out.append(payload);
  return out;
}

model::Result<std::string_view> unframe_record(std::string_view table, std::string_view key,
                                               std::string_view bytes) {
  const auto refuse = [&](model::Errc code, std::string_view why) {
    return model::Error{code, fmt::format("table {}, key {}: {}", table, printable_key(key), why)};
  };
  if (bytes.size() < frame_bytes) return refuse(model::Errc::corrupt, "record too short");
  const auto version = static_cast<std::uint8_t>(bytes.front());
  if (version > frame_version) return refuse(model::Errc::unsupported, "record of a newer release");
  const std::string_view payload = bytes.substr(frame_bytes);
  if (version == 0 || load_le<std::uint32_t>(bytes.substr(1)) != checksum(table, key, payload)) {
    return refuse(model::Errc::corrupt, "record does not match its checksum");
  }
  return payload;
}

std::string account_key(model::AccountId account) {
  std::string key;
  append_key(key, account.value);
  return key;
}

std::string account_key(model::AccountId account, std::int64_t number) {
  std::string key = account_key(account);
  append_key(key, number);
  return key;
}

std::int32_t day_number(model::TradingDay day) {
  if (!day.date.ok()) return std::numeric_limits<std::int32_t>::min();
  return static_cast<std::int32_t>(std::chrono::sys_days{day.date}.time_since_epoch().count());
}

std::string printable_key(std::string_view key) {
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (printable && !key.empty()) return std::string{key};
  std::string out = "0x";
  for (const char c : key) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

} // namespace bulkhead::persistence
