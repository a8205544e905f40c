#pragma once
// Reads the bodies of the control interface: strict about types, kind about decimals (a number or a string).
// All functions throw ControlError, which Control alone catches, so that a script may be read straight down.

#include "simulator/book_types.hpp"
#include "simulator/faults.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace bulkhead::simulator {

class ControlError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] std::int64_t required_integer(const nlohmann::json& body, const char* name);
[[nodiscard]] std::string required_text(const nlohmann::json& body, const char* name);
[[nodiscard]] std::optional<std::int64_t> optional_integer(const nlohmann::json& body, const char* name);
[[nodiscard]] std::optional<bool> optional_flag(const nlohmann::json& body, const char* name);
[[nodiscard]] std::optional<std::string> optional_text(const nlohmann::json& body, const char* name);
[[nodiscard]] std::optional<model::Price> optional_price(const nlohmann::json& body, const char* name);
[[nodiscard]] std::optional<model::Money> optional_money(const nlohmann::json& body, const char* name);
/// 1 to a million contracts; from 0 with `zero_allowed`.
[[nodiscard]] std::int32_t required_size(const nlohmann::json& body, bool zero_allowed = false);

[[nodiscard]] model::AccountId account_of(const nlohmann::json& body);
[[nodiscard]] model::ContractId contract_of(const nlohmann::json& body);
[[nodiscard]] model::Side side_of(const nlohmann::json& body);
[[nodiscard]] Fault fault_of(const nlohmann::json& body);

} // namespace bulkhead::simulator
