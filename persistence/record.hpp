#pragma once
// The frame around each value in the database: LMDB notices no damaged bit, so every row carries a CRC over
// its table, its key and its bytes. A row under another key or in another table is as damaged as one with a
// flipped bit. Pure functions, any thread.

#include "model/error.hpp"
#include "model/ids.hpp"
#include "model/time.hpp"

#include <string>
#include <string_view>

namespace bulkhead::persistence {

inline constexpr std::uint8_t frame_version = 1;

/// Version byte, CRC-32C, payload.
[[nodiscard]] std::string frame_record(std::string_view table, std::string_view key,
                                       std::string_view payload);

/// The payload, a view into `bytes`. Errors: corrupt, naming table and key; unsupported for a newer frame.
[[nodiscard]] model::Result<std::string_view> unframe_record(std::string_view table, std::string_view key,
                                                             std::string_view bytes);

/// The key of an account's rows: all of them begin with account_key(account) and sort by `number`.
[[nodiscard]] std::string account_key(model::AccountId account);
[[nodiscard]] std::string account_key(model::AccountId account, std::int64_t number);
/// Days since 1970-01-01; the day that no reset has begun yet sorts first.
[[nodiscard]] std::int32_t day_number(model::TradingDay day);

/// A key for people: itself when printable, else hexadecimal.
[[nodiscard]] std::string printable_key(std::string_view key);

} // namespace bulkhead::persistence
