#include "tests/support/simulator/gateway_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <stdexcept>

namespace bulkhead::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds patience{30};

/// Starts one operation and runs until it is over; timers of the stream may still be waiting then.
template <class Start>
error_code finish(asio::io_context& io, Start start) {
  std::optional<error_code> out;
  start([&out](error_code ec, auto&&...) { out = ec; });
  io.restart();
  while (!out && io.run_one() > 0) {
  }
  return out.value_or(asio::error::would_block);
}

void must(error_code ec, const char* what) {
  if (ec) throw std::runtime_error(std::string(what) + ": " + ec.message());
}

asio::ip::tcp::endpoint loopback(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

} // namespace

struct HttpClient::Connection {
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  std::optional<beast::tcp_stream> plain;
  std::optional<beast::ssl_stream<beast::tcp_stream>> tls;
  beast::flat_buffer buffer;

  Connection(std::uint16_t port, const std::filesystem::path& ca_file, const std::string& host) {
    if (ca_file.empty()) {
      plain.emplace(io);
      must(finish(io, [&](auto done) { plain->async_connect(loopback(port), done); }), "connect");
      return;
    }
    context.load_verify_file(ca_file.string());
    context.set_verify_mode(asio::ssl::verify_peer);
    tls.emplace(io, context);
    tls->set_verify_callback(asio::ssl::host_name_verification(host));
    auto& tcp = beast::get_lowest_layer(*tls);
    must(finish(io, [&](auto done) { tcp.async_connect(loopback(port), done); }), "connect");
    tcp.expires_after(patience);
    must(finish(io, [&](auto done) { tls->async_handshake(asio::ssl::stream_base::client, done); }),
         "handshake");
  }
  template <class Stream>
  error_code exchange(Stream& stream, http::request<http::string_body>& request,
                      http::response<http::string_body>& response) {
    beast::get_lowest_layer(stream).expires_after(patience);
    const auto sent = finish(io, [&](auto done) { http::async_write(stream, request, done); });
    if (sent) return sent;
    return finish(io, [&](auto done) { http::async_read(stream, buffer, response, done); });
  }
};

HttpClient::HttpClient(std::uint16_t port, const std::filesystem::path& ca_file, std::string host)
    : port_(port), ca_file_(ca_file), host_(std::move(host)) {}
HttpClient::~HttpClient() = default;

std::optional<Reply> HttpClient::send(const std::string& method, const std::string& target,
                                      const std::string& body) {
  if (!connection_) connection_ = std::make_unique<Connection>(port_, ca_file_, host_);
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(target);
  request.set(http::field::host, host_);
  request.set(http::field::content_type, "application/json");
  if (!token_.empty()) request.set(http::field::authorization, "Bearer " + token_);
  request.body() = body;
  request.prepare_payload();
  http::response<http::string_body> response;
  const auto ec = connection_->tls ? connection_->exchange(*connection_->tls, request, response)
                                   : connection_->exchange(*connection_->plain, request, response);
  if (ec == beast::error::timeout) throw std::runtime_error("no reply in time");
  if (ec || !response.keep_alive()) connection_.reset();
  if (ec) return std::nullopt;
  return Reply{static_cast<int>(response.result_int()), response.body(),
               std::string(response[http::field::content_type]),
               std::string(response[http::field::retry_after])};
}

Reply HttpClient::post(const std::string& target, const json& body) {
  auto reply = send("POST", target, body.dump());
  if (!reply) throw std::runtime_error("no reply to " + target);
  return *reply;
}

Reply HttpClient::get(const std::string& target) {
  auto reply = send("GET", target);
  if (!reply) throw std::runtime_error("no reply to " + target);
  return *reply;
}

void HttpClient::login(const std::string& user, const std::string& key) {
  const auto answer = post("/api/Auth/loginKey", {{"userName", user}, {"apiKey", key}}).json();
  token_ = answer.at("token").get<std::string>();
}

struct HubClient::Socket {
  asio::io_context io;
  websocket::stream<beast::tcp_stream> stream{io};
};

HubClient::HubClient(std::uint16_t port, const std::string& target) : socket_(std::make_unique<Socket>()) {
  auto& [io, stream] = *socket_;
  must(finish(io, [&](auto done) { beast::get_lowest_layer(stream).async_connect(loopback(port), done); }),
       "connect");
  stream.set_option(websocket::stream_base::timeout{patience, patience, false});
  websocket::response_type response;
  const auto ec = finish(io, [&](auto done) { stream.async_handshake(response, "localhost", target, done); });
  status_ = static_cast<int>(response.result_int());
  if (ec && ec != websocket::error::upgrade_declined) must(ec, "upgrade");
}
HubClient::~HubClient() = default;

void HubClient::send_text(const std::string& text) {
  auto& [io, stream] = *socket_;
  stream.text(true);
  must(finish(io, [&](auto done) { stream.async_write(asio::buffer(text), done); }), "send");
}
void HubClient::send(const json& record) { send_text(record.dump() + '\x1e'); }

std::optional<json> HubClient::read_record() {
  while (records_.empty()) {
    beast::flat_buffer buffer;
    auto& [io, stream] = *socket_;
    const auto ec = finish(io, [&](auto done) { stream.async_read(buffer, done); });
    if (ec == beast::error::timeout) throw std::runtime_error("nothing arrives");
    if (ec) return std::nullopt;
    ++messages_;
    tail_.append(static_cast<const char*>(buffer.data().data()), buffer.size());
    for (auto end = tail_.find('\x1e'); end != std::string::npos; end = tail_.find('\x1e')) {
      records_.push_back(json::parse(tail_.substr(0, end)));
      tail_.erase(0, end + 1);
    }
  }
  auto out = std::move(records_.front());
  records_.pop_front();
  return out;
}

json HubClient::handshake() {
  send({{"protocol", "json"}, {"version", 1}});
  return read_record().value_or(json{{"error", "closed"}});
}

std::optional<json> HubClient::next() {
  if (events_.empty()) return read_record();
  auto out = std::move(events_.front());
  events_.pop_front();
  return out;
}

json HubClient::next_event() {
  for (auto record = next(); record; record = next()) {
    if (record->value("type", 0) == 1) return *record;
  }
  throw std::runtime_error("the hub closed the connection");
}

json HubClient::call(const std::string& method, const json& arguments) {
  const auto id = std::to_string(calls_++);
  send({{"type", 1}, {"invocationId", id}, {"target", method}, {"arguments", arguments}});
  for (auto record = read_record(); record; record = read_record()) {
    if (record->value("type", 0) == 3 && record->value("invocationId", "") == id) return *record;
    if (record->value("type", 0) == 1) events_.push_back(*record);
  }
  throw std::runtime_error("the hub closed the connection");
}

std::vector<std::string> HubClient::targets_so_far() {
  call("Fence", json::array()); // its completion comes behind everything sent so far
  std::vector<std::string> out;
  for (const auto& event : events_) out.push_back(event.at("target"));
  events_.clear();
  return out;
}

} // namespace bulkhead::testing
