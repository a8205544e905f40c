#include "simulator/http_session.hpp"

#include "simulator/hub_session.hpp"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace bulkhead::simulator {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t largest_body = 1 << 20;

HttpCall call_of(const http::request<http::string_body>& request) {
  HttpCall call;
  call.received = protocol::monotonic_now();
  call.method = std::string(request.method_string());
  const std::string_view target(request.target().data(), request.target().size());
  call.path = std::string(target.substr(0, target.find('?')));
  if (call.path.size() < target.size()) call.query = std::string(target.substr(call.path.size() + 1));
  const auto authorization = request[http::field::authorization];
  constexpr std::string_view scheme = "Bearer ";
  if (authorization.starts_with(scheme)) call.bearer = std::string(authorization.substr(scheme.size()));
  call.body = request.body();
  return call;
}

} // namespace

HttpSession::HttpSession(boost::asio::io_context& io, protocol::net::Stream stream,
                         const HttpService& service, std::shared_ptr<int> slot)
    : io_(io), stream_(std::move(stream)), service_(service), slot_(std::move(slot)), timer_(io) {}

void HttpSession::start() {
  if (auto* tls = stream_.tls()) {
    tls->async_handshake(boost::asio::ssl::stream_base::server, [self = shared_from_this()](error_code ec) {
      ec ? self->stream_.close() : self->read();
    });
  } else {
    read();
  }
}

void HttpSession::read() {
  parser_.emplace();
  parser_->body_limit(largest_body);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code ec, std::size_t) { self->on_request(ec); });
}

void HttpSession::on_request(error_code ec) {
  if (ec) return stream_.close();
  const auto call = call_of(parser_->get());
  if (beast::websocket::is_upgrade(parser_->get()) && service_.upgrade) return upgrade(call);
  settle(service_.exchange(call));
}

void HttpSession::upgrade(const HttpCall& call) {
  auto admitted = service_.upgrade(call);
  if (!admitted) return write(admitted.error());
  std::make_shared<HubSession>(io_, std::move(stream_), *admitted, (*admitted)->tick_interval(), slot_)
      ->start(parser_->release());
}

void HttpSession::settle(Exchange exchange) {
  const auto finish = [self = shared_from_this()](Exchange done) {
    if (done.later) done.answer = done.later();
    if (done.drop) return self->stream_.close();
    self->write(done.answer);
  };
  if (exchange.delay.count() == 0) return finish(std::move(exchange));
  timer_.expires_after(exchange.delay);
  timer_.async_wait([finish, exchange](error_code ec) {
    if (!ec) finish(exchange);
  });
}

void HttpSession::write(const HttpAnswer& answer) {
  response_ = {};
  response_.version(11);
  response_.result(static_cast<unsigned>(answer.status));
  response_.set(http::field::server, "Kestrel");
  response_.set(http::field::date, http_date());
  if (!answer.body.empty()) response_.set(http::field::content_type, answer.content_type);
  if (answer.retry_after)
    response_.set(http::field::retry_after, std::to_string(answer.retry_after->count()));
  response_.body() = answer.body;
  response_.keep_alive(parser_->get().keep_alive());
  response_.prepare_payload();
  http::async_write(stream_, response_,
                    [self = shared_from_this()](error_code ec, std::size_t) { self->on_written(ec); });
}

void HttpSession::on_written(error_code ec) {
  if (ec || !response_.keep_alive()) return stream_.close();
  read();
}

} // namespace bulkhead::simulator
