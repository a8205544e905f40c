#include "protocol/signalr/message.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <string>

namespace bulkhead::protocol::signalr {
namespace {
namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
using Text = std::optional<std::string_view>;

static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

/// What the members of a record say, each absent when missing or of the wrong kind.
struct Members {
  std::optional<std::int64_t> type;
  Text target;
  Text arguments;
  Text invocation_id;
  Text error;
  std::optional<bool> allow_reconnect;
};

error_code read(ondemand::value& value, ondemand::json_type kind, Text& out) {
  if (kind != ondemand::json_type::string || out) return simdjson::SUCCESS;
  std::string_view text;
  const auto failed = value.get_string().get(text);
  if (!failed) out = text;
  return failed;
}

error_code read_arguments(ondemand::value& value, ondemand::json_type kind, Text& out) {
  if (kind != ondemand::json_type::array || out) return simdjson::SUCCESS;
  ondemand::array array;
  if (const auto failed = value.get_array().get(array)) return failed;
  std::string_view raw;
  if (const auto failed = array.raw_json().get(raw)) return failed;
  // raw_json() reaches up to the next token, so it may end in white space.
  out = raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1);
  return simdjson::SUCCESS;
}

error_code read_member(ondemand::field& field, Members& out) {
  std::string_view key;
  if (const auto failed = field.unescaped_key().get(key)) return failed;
  ondemand::json_type kind{};
  if (const auto failed = field.value().type().get(kind)) return failed;

  if (key == "type" && !out.type) {
    std::int64_t number = 0;
    // A failure here is a number that is no integer: the type stays absent, the value is skipped.
    if (kind == ondemand::json_type::number && !field.value().get_int64().get(number)) out.type = number;
  } else if (key == "target") {
    return read(field.value(), kind, out.target);
  } else if (key == "arguments") {
    return read_arguments(field.value(), kind, out.arguments);
  } else if (key == "invocationId") {
    return read(field.value(), kind, out.invocation_id);
  } else if (key == "error") {
    return read(field.value(), kind, out.error);
  } else if (key == "allowReconnect" && kind == ondemand::json_type::boolean && !out.allow_reconnect) {
    bool allowed = false;
    if (const auto failed = field.value().get_bool().get(allowed)) return failed;
    out.allow_reconnect = allowed;
  }
  return simdjson::SUCCESS;
}

error_code read_members(ondemand::document& document, Members& out) {
  ondemand::object object;
  if (const auto failed = document.get_object().get(object)) return failed;
  for (auto item : object) {
    if (item.error()) return item.error();
    if (const auto failed = read_member(item.value_unsafe(), out)) return failed;
  }
  // Behind the object there must be nothing: only then does the position lie out of bounds.
  const auto behind = document.current_location().error();
  return behind == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

model::Error missing(std::string_view what) {
  return {model::Errc::missing, fmt::format("hub message: {}", what)};
}

model::Result<Message> to_message(const Members& m) {
  if (!m.type) return missing("no integer `type`");
  switch (*m.type) {
  case 1:
    if (!m.target) return missing("invocation without a `target`");
    if (!m.arguments)
      return missing(fmt::format("invocation of {} without an array of `arguments`", *m.target));
    return Message{Invocation{*m.target, {*m.arguments}, m.invocation_id}};
  case 3:
    if (!m.invocation_id) return missing("completion without an `invocationId`");
    return Message{Completion{*m.invocation_id, m.error}};
  case 6: return Message{Ping{}};
  case 7: return Message{Close{m.error, m.allow_reconnect.value_or(false)}};
  case 2:
  case 4:
  case 5:
  case 8:
  case 9: return Message{Ignored{*m.type}};
  default: return Message{Unknown{*m.type}};
  }
}

/// An event as the gateway writes it, letter for letter: its arguments are then found without parsing what
/// the decoder parses again. Nothing for any other record, whatever it is.
std::optional<Invocation> read_usual_event(std::string_view text) {
  constexpr std::string_view before_target = R"({"type":1,"target":")", behind_target = R"(","arguments":)";
  if (!text.starts_with(before_target) || !text.ends_with("]}")) return std::nullopt;
  text.remove_prefix(before_target.size());
  const auto target = text.substr(0, text.find_first_of("\\\""));
  text.remove_prefix(target.size());
  if (!text.starts_with(behind_target)) return std::nullopt;
  text.remove_prefix(behind_target.size());
  text.remove_suffix(1);
  if (!check_structure(text)) return std::nullopt; // the array ends earlier: there are more members
  return Invocation{target, {text, true}, std::nullopt};
}

} // namespace

struct MessageParser::Impl {
  ondemand::parser parser;
  std::string padded; // the copy of a record that ends too close to the end of its frame
};

MessageParser::MessageParser() : impl_(std::make_unique<Impl>()) {}
MessageParser::~MessageParser() = default;
MessageParser::MessageParser(MessageParser&&) noexcept = default;
MessageParser& MessageParser::operator=(MessageParser&&) noexcept = default;

model::Result<Message> MessageParser::parse(const Record& record) {
  std::string_view text = record.text;
  if (record.readable_after < json_padding) {
    impl_->padded.assign(text);
    impl_->padded.append(json_padding, ' ');
    text = std::string_view(impl_->padded).substr(0, text.size());
  }
  if (const auto event = read_usual_event(text)) return Message{*event};
  ondemand::document document;
  auto failed =
      impl_->parser.iterate(simdjson::padded_string_view(text, text.size() + json_padding)).get(document);
  Members members;
  if (!failed) failed = read_members(document, members);
  if (failed) {
    return model::Error(model::Errc::malformed,
                        fmt::format("hub record is not a JSON object: {}", simdjson::error_message(failed)));
  }
  return to_message(members);
}

} // namespace bulkhead::protocol::signalr
