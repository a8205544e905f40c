#pragma once
// Reads a JSON request the way ASP.NET binds one: required members, wrong types and malformed text all end
// in HTTP 400 with a problem-details body. Read everything first, then ask ok(). A value inside one call.

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/time.hpp"
#include "protocol/projectx/names.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::simulator {

/// The exact decimal of a JSON number or numeric string. Numbers pass through a double on the way, whose
/// shortest text gives back up to 15 significant digits unchanged.
[[nodiscard]] std::optional<std::string> decimal_text(const nlohmann::json& value);

class RequestBody {
public:
  using Member = protocol::projectx::Member;
  explicit RequestBody(std::string_view text);
  explicit RequestBody(nlohmann::json value) : value_(std::move(value)) {}

  [[nodiscard]] std::int64_t integer(Member member);
  [[nodiscard]] bool flag(Member member);
  [[nodiscard]] std::string text(Member member);
  [[nodiscard]] model::Instant instant(Member member);
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(Member member);
  [[nodiscard]] std::optional<std::int32_t> maybe_int32(Member member);
  [[nodiscard]] bool flag_or(Member member, bool otherwise);
  [[nodiscard]] std::optional<std::string> maybe_text(Member member);
  [[nodiscard]] std::optional<model::Price> maybe_price(Member member);
  [[nodiscard]] std::optional<model::Instant> maybe_instant(Member member);
  [[nodiscard]] std::optional<RequestBody> maybe_object(Member member);
  [[nodiscard]] std::vector<std::int64_t> integers(Member member);
  [[nodiscard]] std::int32_t int32(Member member) { return narrow(integer(member), member); }
  [[nodiscard]] model::AccountId account() { return model::AccountId{integer(Member::account_id)}; }
  [[nodiscard]] model::ContractId contract() { return model::ContractId{text(Member::contract_id)}; }

  [[nodiscard]] bool ok() const noexcept { return problems_.empty(); }
  void absorb(const RequestBody& nested);
  /// RFC 7807, as ASP.NET writes it.
  [[nodiscard]] std::string problem_details() const;

private:
  [[nodiscard]] const nlohmann::json* find(Member member) const;
  [[nodiscard]] std::int32_t narrow(std::int64_t value, Member member);
  void missing(Member member);
  void wrong(Member member);
  template <class T>
  T required(std::optional<T> value, Member member);

  nlohmann::json value_;
  std::vector<std::string> problems_;
};

} // namespace bulkhead::simulator
