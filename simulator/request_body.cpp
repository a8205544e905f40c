#include "simulator/request_body.hpp"

#include "simulator/json_text.hpp"

#include <fmt/format.h>
#include <limits>

namespace bulkhead::simulator {

std::optional<std::string> decimal_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  return std::nullopt;
}

RequestBody::RequestBody(std::string_view text) : value_(nlohmann::json::parse(text, nullptr, false)) {
  if (!value_.is_object()) problems_.emplace_back("The JSON value could not be converted.");
}

const nlohmann::json* RequestBody::find(Member member) const {
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(std::string(wire(member)));
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

void RequestBody::missing(Member member) {
  problems_.push_back(fmt::format("The {} field is required.", wire(member)));
}
void RequestBody::wrong(Member member) {
  problems_.push_back(fmt::format("The JSON value of {} could not be converted.", wire(member)));
}
void RequestBody::absorb(const RequestBody& nested) {
  problems_.insert(problems_.end(), nested.problems_.begin(), nested.problems_.end());
}

template <class T>
T RequestBody::required(std::optional<T> value, Member member) {
  if (!value && !find(member)) missing(member);
  return value.value_or(T{});
}

std::optional<std::int64_t> RequestBody::maybe_integer(Member member) {
  const auto* found = find(member);
  if (!found) return std::nullopt;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  wrong(member);
  return std::nullopt;
}

std::int32_t RequestBody::narrow(std::int64_t value, Member member) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (value >= Limits::min() && value <= Limits::max()) return static_cast<std::int32_t>(value);
  wrong(member);
  return 0;
}

std::optional<std::int32_t> RequestBody::maybe_int32(Member member) {
  const auto value = maybe_integer(member);
  return value ? std::optional(narrow(*value, member)) : std::nullopt;
}

std::optional<std::string> RequestBody::maybe_text(Member member) {
  const auto* found = find(member);
  if (!found) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  wrong(member);
  return std::nullopt;
}

std::optional<model::Price> RequestBody::maybe_price(Member member) {
  const auto* found = find(member);
  if (!found) return std::nullopt;
  if (found->is_number()) {
    if (const auto price = model::Price::parse(*decimal_text(*found))) return *price;
  }
  wrong(member);
  return std::nullopt;
}

std::optional<model::Instant> RequestBody::maybe_instant(Member member) {
  const auto text = maybe_text(member);
  if (!text) return std::nullopt;
  if (const auto at = model::parse_instant(*text)) return *at;
  wrong(member);
  return std::nullopt;
}

std::optional<RequestBody> RequestBody::maybe_object(Member member) {
  const auto* found = find(member);
  if (!found) return std::nullopt;
  if (found->is_object()) return RequestBody(*found);
  wrong(member);
  return std::nullopt;
}

std::vector<std::int64_t> RequestBody::integers(Member member) {
  std::vector<std::int64_t> out;
  const auto* found = find(member);
  if (!found) return out;
  if (!found->is_array()) wrong(member);
  for (const auto& item : *found) {
    if (item.is_number_integer())
      out.push_back(item.get<std::int64_t>());
    else
      wrong(member);
  }
  return out;
}

bool RequestBody::flag_or(Member member, bool otherwise) {
  const auto* found = find(member);
  if (!found) return otherwise;
  if (found->is_boolean()) return found->get<bool>();
  wrong(member);
  return otherwise;
}

bool RequestBody::flag(Member member) {
  if (!find(member)) missing(member);
  return flag_or(member, false);
}

std::int64_t RequestBody::integer(Member member) { return required(maybe_integer(member), member); }
std::string RequestBody::text(Member member) { return required(maybe_text(member), member); }
model::Instant RequestBody::instant(Member member) { return required(maybe_instant(member), member); }

std::string RequestBody::problem_details() const {
  std::vector<std::string> texts;
  for (const auto& problem : problems_) texts.push_back(json_string(problem));
  return JsonObject{}
      .text("type", "https://tools.ietf.org/html/rfc9110#section-15.5.1")
      .text("title", "One or more validation errors occurred.")
      .number("status", 400)
      .raw("errors", JsonObject{}.raw("request", json_array(texts)).str())
      .text("traceId", "00-00000000000000000000000000000000-0000000000000000-00")
      .str();
}

} // namespace bulkhead::simulator
