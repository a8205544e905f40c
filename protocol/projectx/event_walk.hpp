#pragma once
// Walks the arguments of one hub event through all their shapes and collects what they carry; internal to
// protocol/projectx, owned by a Decoder, used on its thread.

#include "protocol/projectx/decode.hpp"
#include "protocol/projectx/json_read.hpp"

namespace bulkhead::protocol::projectx {

class EventWalk {
public:
  /// Replaces decoded() by what `arguments` carry.
  void run(HubEvent event, PaddedJson arguments);
  [[nodiscard]] std::vector<Decoded>& decoded() noexcept { return decoded_; }

private:
  // Errors of these concern the whole event; what is wrong with one element goes into decoded_.
  [[nodiscard]] model::Result<void> walk_arguments(PaddedJson arguments);
  [[nodiscard]] model::Result<void> walk_market(JsonArray array, int depth);
  [[nodiscard]] model::Result<void> walk_value(JsonValue value, int depth);
  [[nodiscard]] model::Result<void> walk_array(JsonArray array, int depth);
  [[nodiscard]] model::Result<void> walk_object(JsonObject object, int depth);
  [[nodiscard]] model::Result<void> walk_text(JsonValue value, int depth);
  [[nodiscard]] model::Result<void> parse_text(std::string_view text, int depth);
  [[nodiscard]] model::Result<void> count_element();
  void add_problem(const model::Error& why, std::optional<model::AccountId> account);

  HubEvent event_ = HubEvent::unknown;
  std::string_view arguments_;
  std::string contract_id_; // market hub: stands in front of the payload
  std::size_t elements_ = 0;
  bool inside_text_ = false;
  std::vector<Decoded> decoded_;
  std::string text_copy_; // a payload that came as a JSON string, with padding
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::parser text_parser_;
};

} // namespace bulkhead::protocol::projectx
