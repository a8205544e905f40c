#pragma once
// Hub events to domain payloads. A Decoder belongs to one hub connection and is called on that connection's
// thread only; it keeps a parser and buffers that are reused from event to event.
//
// Accepted shapes of `arguments`: a bare object, {action, data}, {data}, arrays of those, null padding, a
// payload as a JSON string (parsed once, not twice), and for the market hub [contractId, payload...] and
// [[contractId, payload], ...]. Of a key that comes twice the last value counts. Members nobody reads are
// skipped unseen.
//
// An event that is not JSON to its last byte yields one DecodeProblem and nothing else; an element that is
// JSON but no usable object yields its own DecodeProblem and leaves its neighbours alone. An event without
// anything in it is a problem too. Bounds: 1 MiB of text, 1024 elements and 8 levels per event; beyond them
// the event is one DecodeProblem.

#include "model/event.hpp"
#include "protocol/json_text.hpp"
#include "protocol/projectx/names.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bulkhead::protocol::projectx {

/// Something arrived that could not be understood: count it, keep the excerpt, re-read by REST.
struct DecodeProblem {
  HubEvent event = HubEvent::unknown;
  std::string reason;                      // "size: -3 is outside 0..1000000"
  std::string excerpt;                     // the first 256 bytes of the arguments as they came: escape to log
  std::optional<model::AccountId> account; // when the object said whose it is
};

using Decoded = std::variant<model::Payload, DecodeProblem>;

inline constexpr std::size_t largest_event = 1024 * 1024;
inline constexpr std::size_t most_elements = 1024;

class Decoder {
public:
  Decoder();
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// Decodes the raw text of an `arguments` array and calls sink(model::Payload&&) or sink(DecodeProblem&&)
  /// once per element, in order. Market trades, depth, logout and unknown targets are only recognised: their
  /// arguments are not looked at and the sink is not called. The sink must not call this decoder. Copies the
  /// text once.
  template <class Sink>
  HubEvent decode_event(std::string_view target, std::string_view arguments, Sink&& sink) {
    return deliver(decode(find_hub_event(target), arguments), sink);
  }
  /// The same without the copy.
  template <class Sink>
  HubEvent decode_event(std::string_view target, PaddedJson arguments, Sink&& sink) {
    return deliver(decode(find_hub_event(target), arguments), sink);
  }

private:
  struct Impl;
  /// The results stay in decoded() until the next call.
  HubEvent decode(HubEvent event, std::string_view arguments);
  HubEvent decode(HubEvent event, PaddedJson arguments);
  [[nodiscard]] std::vector<Decoded>& decoded() noexcept;

  template <class Sink>
  HubEvent deliver(HubEvent event, Sink& sink) {
    for (Decoded& one : decoded()) {
      std::visit([&](auto& content) { sink(std::move(content)); }, one);
    }
    return event;
  }

  std::unique_ptr<Impl> impl_;
};

} // namespace bulkhead::protocol::projectx
