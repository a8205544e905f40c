#include "simulator/control_body.hpp"

#include "simulator/request_body.hpp"

#include <fmt/format.h>
#include <limits>

namespace bulkhead::simulator {
namespace {

const nlohmann::json* find(const nlohmann::json& body, const char* name) {
  const auto found = body.find(name);
  return found == body.end() || found->is_null() ? nullptr : &*found;
}

template <class T>
T required(std::optional<T> value, const char* name) {
  if (!value) throw ControlError(fmt::format("{} is missing", name));
  return *std::move(value);
}

int small(std::int64_t value, const char* name) {
  if (value < 0 || value > std::numeric_limits<int>::max())
    throw ControlError(fmt::format("{} is out of range", name));
  return static_cast<int>(value);
}

template <class T>
std::optional<T> exact(const nlohmann::json& body, const char* name) {
  const auto* found = find(body, name);
  if (!found) return std::nullopt;
  const auto text = decimal_text(*found);
  const auto value = text ? T::parse(*text) : model::Error{model::Errc::malformed, "not a decimal"};
  if (!value) throw ControlError(fmt::format("{}: {}", name, value.error().message()));
  return *value;
}

} // namespace

std::optional<std::int64_t> optional_integer(const nlohmann::json& body, const char* name) {
  const auto* found = find(body, name);
  if (!found) return std::nullopt;
  if (!found->is_number_integer()) throw ControlError(fmt::format("{} must be a whole number", name));
  return found->get<std::int64_t>();
}
std::optional<bool> optional_flag(const nlohmann::json& body, const char* name) {
  const auto* found = find(body, name);
  if (!found) return std::nullopt;
  if (!found->is_boolean()) throw ControlError(fmt::format("{} must be true or false", name));
  return found->get<bool>();
}
std::optional<std::string> optional_text(const nlohmann::json& body, const char* name) {
  const auto* found = find(body, name);
  if (!found) return std::nullopt;
  if (!found->is_string()) throw ControlError(fmt::format("{} must be a string", name));
  return found->get<std::string>();
}
std::optional<model::Price> optional_price(const nlohmann::json& body, const char* name) {
  return exact<model::Price>(body, name);
}
std::optional<model::Money> optional_money(const nlohmann::json& body, const char* name) {
  return exact<model::Money>(body, name);
}
std::int64_t required_integer(const nlohmann::json& body, const char* name) {
  return required(optional_integer(body, name), name);
}
std::string required_text(const nlohmann::json& body, const char* name) {
  return required(optional_text(body, name), name);
}

std::int32_t required_size(const nlohmann::json& body, bool zero_allowed) {
  constexpr std::int64_t largest = 1'000'000;
  const auto size = required_integer(body, "size");
  if (size < (zero_allowed ? 0 : 1) || size > largest) throw ControlError("size is out of range");
  return static_cast<std::int32_t>(size);
}

model::AccountId account_of(const nlohmann::json& body) {
  return model::AccountId{required_integer(body, "accountId")};
}
model::ContractId contract_of(const nlohmann::json& body) {
  return model::ContractId{required_text(body, "contractId")};
}
model::Side side_of(const nlohmann::json& body) {
  const auto side = required_integer(body, "side");
  if (side != 0 && side != 1) throw ControlError("side must be 0 (buy) or 1 (sell)");
  return side == 0 ? model::Side::buy : model::Side::sell;
}

Fault fault_of(const nlohmann::json& body) {
  Fault out;
  const auto kind = parse_fault_kind(required_text(body, "kind"));
  if (!kind) throw ControlError("kind is none of the known faults");
  out.kind = *kind;
  out.endpoint = optional_text(body, "endpoint").value_or("");
  if (const auto account = optional_integer(body, "accountId")) out.account = model::AccountId{*account};
  out.count = small(optional_integer(body, "count").value_or(1), "count");
  out.duration = std::chrono::milliseconds{small(optional_integer(body, "ms").value_or(0), "ms")};
  out.status = small(optional_integer(body, "status").value_or(500), "status");
  if (out.status < 200 || out.status > 599) throw ControlError("status must be 200 to 599");
  out.body = optional_text(body, "body").value_or("");
  out.code = small(optional_integer(body, "code").value_or(0), "code");
  out.text = optional_text(body, "text");
  if (const auto seconds = optional_integer(body, "retryAfter"))
    out.retry_after = std::chrono::seconds{*seconds};
  out.hub = optional_text(body, "hub").value_or("");
  if (!out.hub.empty() && out.hub != "user" && out.hub != "market")
    throw ControlError("hub must be user or market");
  out.with_close = optional_flag(body, "close").value_or(true);
  out.allow_reconnect = optional_flag(body, "allowReconnect");
  return out;
}

} // namespace bulkhead::simulator
