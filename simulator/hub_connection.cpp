#include "simulator/hub_connection.hpp"

#include "protocol/signalr/handshake.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <type_traits>

namespace bulkhead::simulator {

namespace signalr = protocol::signalr;

namespace {

constexpr std::size_t most_payloads = 65'536;
constexpr std::size_t longest_record = 32 * 1024;
constexpr std::size_t pieces = 3;
constexpr std::string_view closed_with_error = "Connection closed with an error.";

std::int64_t nanos(std::chrono::milliseconds span) { return std::chrono::nanoseconds(span).count(); }

} // namespace

HubConnection::HubConnection(HubKind kind, std::string user, Rules rules, Callbacks callbacks, Nanos now)
    : kind_(kind),
      user_(std::move(user)),
      rules_(rules),
      callbacks_(std::move(callbacks)),
      splitter_(longest_record),
      opened_(now),
      last_received_(now),
      last_sent_(now) {}

void HubConnection::receive(std::string_view bytes, Nanos now) {
  last_received_ = now;
  if (finished()) return;
  const auto cut = splitter_.append(bytes, [&](const signalr::Record& record) {
    if (established_)
      on_record(record);
    else
      on_handshake(record.text);
    return !finished();
  });
  if (!cut) end(closed_with_error, std::nullopt);
}

std::chrono::milliseconds HubConnection::tick_interval() const {
  using std::chrono::milliseconds;
  const auto& t = rules_.timings;
  return std::clamp(std::min({t.keep_alive, t.client_timeout, t.handshake}) / 4, milliseconds{5},
                    milliseconds{1000});
}

void HubConnection::tick(Nanos now) {
  if (finished()) return;
  if (!established_ && now - opened_ >= nanos(rules_.timings.handshake)) {
    queue(signalr::encode_handshake_err("Handshake was canceled."));
    finished_ = true;
    return;
  }
  if (client_pings_ && now - last_received_ >= nanos(rules_.timings.client_timeout)) {
    return end(closed_with_error, std::nullopt);
  }
  if (!outbox_.empty()) last_sent_ = now;
  if (established_ && now - last_sent_ >= nanos(rules_.timings.keep_alive)) {
    last_sent_ = now;
    queue(signalr::encode_ping());
  }
}

void HubConnection::on_handshake(std::string_view record) {
  const auto request = signalr::parse_handshake_request(record);
  std::string error;
  if (!request) {
    error = "An unexpected error occurred during connection handshake.";
  } else if (request->protocol != "json") {
    error = fmt::format("The protocol '{}' is not supported.", request->protocol);
  } else if (request->version != 1) {
    error = fmt::format("The server does not support version {} of the 'json' protocol.", request->version);
  }
  if (!error.empty()) {
    queue(signalr::encode_handshake_err(error));
    finished_ = true;
    return;
  }
  established_ = true;
  // The real gateway may put a ping right behind its answer, in the same frame.
  queue(signalr::encode_handshake_ok() +
        (rules_.shape.several_records_per_frame ? signalr::encode_ping() : ""));
}

void HubConnection::on_record(const signalr::Record& record) {
  const auto message = parser_.parse(record);
  if (!message) return end(closed_with_error, std::nullopt);
  if (const auto* call = std::get_if<signalr::Invocation>(&*message)) return invoke(*call);
  if (std::holds_alternative<signalr::Ping>(*message)) client_pings_ = true;
  if (std::holds_alternative<signalr::Close>(*message)) finished_ = true;
}

void HubConnection::queue_event(const Event& event) {
  auto record = signalr::encode_invocation(event.target, event.arguments);
  if (rules_.shape.several_records_per_frame)
    batch_ += record;
  else
    queue(std::move(record));
}

void HubConnection::flush() {
  if (!batch_.empty()) queue(std::exchange(batch_, {}));
  wake();
}

void HubConnection::queue(std::string record) {
  if (!rules_.shape.split_records) return emit(std::move(record));
  const auto step = record.size() / pieces + 1;
  for (std::size_t at = 0; at < record.size(); at += step) emit(record.substr(at, step));
}

void HubConnection::emit(std::string payload) {
  if (stalled_) return;
  if (outbox_.size() >= most_payloads) return drop();
  outbox_.push_back(std::move(payload));
}

std::optional<std::string> HubConnection::next_payload(Nanos now) {
  if (outbox_.empty()) return std::nullopt;
  auto out = std::move(outbox_.front());
  outbox_.pop_front();
  last_sent_ = now;
  return out;
}

void HubConnection::end(std::optional<std::string_view> error, std::optional<bool> allow_reconnect) {
  if (finished()) return;
  queue(signalr::encode_close(error, allow_reconnect));
  finished_ = true;
  wake();
}

void HubConnection::drop() {
  dropped_ = true;
  wake();
}

void HubConnection::wake() const {
  if (wake_) wake_();
}

} // namespace bulkhead::simulator
