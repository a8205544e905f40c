#pragma once
// HTTP calls and answers as the simulator's services see them, free of Beast. Plain values.

#include "protocol/transport.hpp"
#include "simulator/hubs.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::simulator {

struct HttpCall {
  std::string method;
  std::string path;   // without the query
  std::string query;  // after the '?', still encoded
  std::string bearer; // of an Authorization: Bearer header
  std::string body;
  protocol::MonotonicNanos received = 0;
};

/// The decoded value of a query parameter.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Now, as a Date header has it.
[[nodiscard]] std::string http_date();

struct HttpAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8"; // sent with a body only
  std::optional<std::chrono::seconds> retry_after;
};

/// What becomes of a call: an answer, perhaps late, perhaps never.
struct Exchange {
  HttpAnswer answer;
  std::chrono::milliseconds delay{0};
  bool drop = false;                 // close the connection instead of answering, after the delay
  std::function<HttpAnswer()> later; // if set, made after the delay: the effect comes late too
};

/// The services behind one listening port; called on the io thread, for as long as the server runs.
struct HttpService {
  std::function<Exchange(const HttpCall&)> exchange;
  /// For websocket upgrades; not set: no websockets here.
  std::function<boost::system::result<std::shared_ptr<HubConnection>, HttpAnswer>(const HttpCall&)> upgrade;
};

} // namespace bulkhead::simulator
