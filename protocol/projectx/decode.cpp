#include "protocol/projectx/decode.hpp"

#include "protocol/projectx/event_walk.hpp"

namespace bulkhead::protocol::projectx {

static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

struct Decoder::Impl {
  std::string copy; // arguments with padding behind them
  EventWalk walk;
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

std::vector<Decoded>& Decoder::decoded() noexcept { return impl_->walk.decoded(); }

HubEvent Decoder::decode(HubEvent event, std::string_view arguments) {
  // An event above the limit is refused by its length alone, so it need not be copied.
  if (arguments.size() > largest_event) return decode(event, PaddedJson{arguments});
  impl_->copy.assign(arguments);
  impl_->copy.append(json_padding, '\0');
  return decode(event, PaddedJson{std::string_view(impl_->copy).substr(0, arguments.size())});
}

HubEvent Decoder::decode(HubEvent event, PaddedJson arguments) {
  const bool carries_payload = event <= HubEvent::quote;
  if (carries_payload) {
    impl_->walk.run(event, arguments);
  } else {
    impl_->walk.decoded().clear();
  }
  return event;
}

} // namespace bulkhead::protocol::projectx
