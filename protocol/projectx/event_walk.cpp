#include "protocol/projectx/event_walk.hpp"

#include "protocol/projectx/objects.hpp"

#include <fmt/format.h>

namespace bulkhead::protocol::projectx {
namespace {

using model::Errc;
using model::Error;
using model::Result;

constexpr int deepest_level = 8;
constexpr std::size_t longest_excerpt = 256;

Error too_deep() { return {Errc::out_of_range, fmt::format("nested deeper than {} levels", deepest_level)}; }

} // namespace

void EventWalk::run(HubEvent event, PaddedJson arguments) {
  event_ = event;
  arguments_ = arguments.text;
  elements_ = 0;
  inside_text_ = false;
  contract_id_.clear();
  decoded_.clear();
  if (const auto walked = walk_arguments(arguments); !walked) {
    decoded_.clear(); // half an event is not to be trusted
    add_problem(walked.error(), std::nullopt);
  } else if (decoded_.empty()) {
    add_problem(Error{Errc::missing, "the event carries nothing"}, std::nullopt);
  }
}

Result<void> EventWalk::walk_arguments(PaddedJson arguments) {
  if (arguments.text.size() > largest_event) {
    return Error{Errc::out_of_range, fmt::format("an event of {} bytes", arguments.text.size())};
  }
  if (!arguments.checked) {
    if (auto checked = check_structure(arguments.text); !checked) return checked;
  }
  const simdjson::padded_string_view padded(arguments.text, arguments.text.size() + json_padding);
  JsonDocument document;
  if (const auto code = parser_.iterate(padded).get(document)) return json_error(code);
  JsonArray array;
  if (const auto code = document.get_array().get(array)) return json_error(code);
  return event_ == HubEvent::quote ? walk_market(array, 0) : walk_array(array, 0);
}

/// [contractId, payload...], or an array of such arrays.
Result<void> EventWalk::walk_market(JsonArray array, int depth) {
  if (depth > deepest_level) return too_deep();
  contract_id_.clear();
  bool named = false;
  for (auto element : array) {
    JsonValue value;
    simdjson::ondemand::json_type type{};
    if (auto code = element.get(value)) return json_error(code);
    if (auto code = value.type().get(type)) return json_error(code);
    if (!named && type == simdjson::ondemand::json_type::string) {
      Scalar text;
      if (auto scalar = read_scalar(value, text); !scalar) return scalar;
      contract_id_ = text.text.substr(0, longest_contract_id + 1); // one too many is refused as too long
      named = true;
    } else if (!named && type == simdjson::ondemand::json_type::array) {
      JsonArray inner;
      if (auto code = value.get_array().get(inner)) return json_error(code);
      if (const auto walked = walk_market(inner, depth + 1); !walked) return walked;
      contract_id_.clear();
    } else if (const auto walked = walk_value(value, depth + 1); !walked) {
      return walked;
    }
  }
  return {};
}

Result<void> EventWalk::walk_value(JsonValue value, int depth) {
  if (depth > deepest_level) return too_deep();
  simdjson::ondemand::json_type type{};
  if (const auto code = value.type().get(type)) return json_error(code);
  switch (type) {
  case simdjson::ondemand::json_type::array: {
    JsonArray array;
    if (const auto code = value.get_array().get(array)) return json_error(code);
    return walk_array(array, depth);
  }
  case simdjson::ondemand::json_type::object: {
    JsonObject object;
    if (const auto code = value.get_object().get(object)) return json_error(code);
    return walk_object(object, depth);
  }
  case simdjson::ondemand::json_type::string: return walk_text(value, depth);
  case simdjson::ondemand::json_type::number:
  case simdjson::ondemand::json_type::boolean:
  case simdjson::ondemand::json_type::null: break;
  }
  Scalar scalar;
  if (auto read = read_scalar(value, scalar); !read) return read;
  if (scalar.kind == Scalar::Kind::null) return {}; // padding
  if (const auto counted = count_element(); !counted) return counted;
  add_problem(Error{Errc::malformed, fmt::format("'{}' is no object", scalar.text.substr(0, 40))},
              std::nullopt);
  return {};
}

Result<void> EventWalk::walk_array(JsonArray array, int depth) {
  for (auto element : array) {
    JsonValue value;
    if (const auto code = element.get(value)) return json_error(code);
    if (const auto walked = walk_value(value, depth + 1); !walked) return walked;
  }
  return {};
}

/// An object is an envelope when it has `data` with something inside and either `action` or nothing else a
/// decoder knows; else `data` is one more unknown member of a bare object. That is known at its end only.
Result<void> EventWalk::walk_object(JsonObject object, int depth) {
  Members members;
  bool has_data = false;
  bool has_own = false;
  const std::size_t before = decoded_.size();
  for (auto item : object) {
    if (const auto code = item.error()) return json_error(code);
    auto& field = item.value_unsafe(); // a copy would cost more than reading it
    std::string_view key;
    if (const auto code = field.unescaped_key().get(key)) return json_error(code);
    const auto member = find_read_member(key);
    if (!member) continue;
    JsonValue& value = field.value();
    if (member == Member::data) {
      decoded_.resize(before); // of two `data` the last one counts
      if (const auto walked = walk_value(value, depth + 1); !walked) return walked;
      has_data = true;
      continue;
    }
    if (auto scalar = read_scalar(value, members[*member]); !scalar) return scalar;
    has_own = has_own || *member != Member::action;
  }
  const bool envelope = has_data && (members.has(Member::action) || !has_own);
  if (envelope) return {};
  decoded_.resize(before);
  if (const auto counted = count_element(); !counted) return counted;
  auto payload = to_payload(event_, members, contract_id_);
  if (payload) {
    decoded_.emplace_back(std::move(*payload));
  } else {
    add_problem(payload.error(), account_of(event_, members));
  }
  return {};
}

/// A payload inside a JSON string, parsed once: a string inside that string is no payload. What is wrong
/// inside spoils this element only.
Result<void> EventWalk::walk_text(JsonValue value, int depth) {
  Scalar scalar;
  if (auto read = read_scalar(value, scalar); !read) return read;
  if (const auto counted = count_element(); !counted) return counted;
  const std::size_t before = decoded_.size();
  const auto parsed = inside_text_ ? Error{Errc::malformed, "a text inside a text is no object"}
                                   : parse_text(scalar.text, depth);
  if (parsed) return {};
  decoded_.resize(before);
  add_problem(parsed.error(), std::nullopt);
  return {};
}

Result<void> EventWalk::parse_text(std::string_view text, int depth) {
  if (auto checked = check_structure(text); !checked) return checked;
  text_copy_.assign(text);
  text_copy_.append(json_padding, '\0');
  const simdjson::padded_string_view padded(text_copy_.data(), text.size(), text_copy_.size());
  JsonDocument document;
  if (const auto code = text_parser_.iterate(padded).get(document)) return json_error(code);
  JsonValue content;
  if (const auto code = document.get_value().get(content)) return json_error(code);
  inside_text_ = true;
  const auto walked = walk_value(content, depth);
  inside_text_ = false;
  return walked;
}

Result<void> EventWalk::count_element() {
  if (++elements_ <= most_elements) return {};
  return Error{Errc::out_of_range, fmt::format("more than {} elements", most_elements)};
}

void EventWalk::add_problem(const Error& why, std::optional<model::AccountId> account) {
  decoded_.emplace_back(
      DecodeProblem{event_, why.message(), std::string(arguments_.substr(0, longest_excerpt)), account});
}

} // namespace bulkhead::protocol::projectx
