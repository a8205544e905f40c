#include "bench/peers/peers.hpp"
// This brings simdjson's on-demand parser, which only protocol/ may include by its own name.
#include "protocol/projectx/json_read.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <fmt/format.h>
#include <iostream>
#include <openssl/x509v3.h>

namespace bulkhead::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
namespace ondemand = simdjson::ondemand;
using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using TlsStream = ssl::stream<Socket>;

class BeastPeer {
public:
  BeastPeer(asio::io_context& io, ssl::context& tls, PeerArguments arguments)
      : arguments_(std::move(arguments)), hub_(Socket(io), tls), rest_(Socket(io), tls) {}

  void connect() {
    open(hub_.next_layer());
    open(rest_);
    request_.method(http::verb::post);
    request_.target("/api/Position/closeContract");
    request_.version(11);
    request_.set(http::field::host, host());
    request_.set(http::field::user_agent, "beast");
    request_.set(http::field::accept, "application/json");
    request_.set(http::field::authorization, "Bearer " + arguments_.token);
    request_.set(http::field::content_type, "application/json");
    hub_.text(true);
    hub_.handshake(host(), "/hubs/user?access_token=" + arguments_.token);
    hub_.write(asio::buffer(std::string("{\"protocol\":\"json\",\"version\":1}\x1e")));
    for (int call = 0; call < 4; ++call) subscribe(call);
    read_event();
  }
  [[nodiscard]] const error_code& failure() const noexcept { return failure_; }

private:
  [[nodiscard]] std::string host() const { return fmt::format("127.0.0.1:{}", arguments_.port); }

  void open(TlsStream& stream) {
    stream.next_layer().connect({asio::ip::address_v4::loopback(), arguments_.port});
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream.native_handle()), "127.0.0.1");
    SSL_clear_mode(stream.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    stream.handshake(ssl::stream_base::client);
  }

  /// Fire and forget: the stub counts them and sends no completion.
  void subscribe(int call) {
    const char* const names[] = {"SubscribeAccounts", "SubscribeOrders", "SubscribePositions",
                                 "SubscribeTrades"};
    hub_.write(asio::buffer(fmt::format("{{\"type\":1,\"target\":\"{}\",\"arguments\":[{}]}}\x1e",
                                        names[call], arguments_.account)));
  }

  void read_event() {
    hub_.async_read(event_, [this](error_code ec, std::size_t) {
      if (ec) return fail(ec);
      if (is_breach()) close_position();
      event_.consume(event_.size());
      read_event();
    });
  }

  /// A position event of more than one contract, whatever its place in the message.
  [[nodiscard]] bool is_breach() {
    event_.prepare(simdjson::SIMDJSON_PADDING);
    const auto* const bytes = static_cast<const char*>(event_.cdata().data());
    ondemand::document message;
    if (parser_.iterate(bytes, event_.size() - 1, event_.capacity()).get(message)) return false;
    std::string_view target;
    if (message["target"].get_string().get(target) || target != "GatewayUserPosition") return false;
    for (auto argument : message["arguments"].get_array()) {
      ondemand::object data;
      if (argument["data"].get_object().get(data)) return false;
      std::int64_t account = 0;
      std::int64_t size = 0;
      std::string_view contract;
      const bool read = !data["accountId"].get_int64().get(account) &&
                        !data["contractId"].get_string().get(contract) && !data["size"].get_int64().get(size);
      if (!read || account != arguments_.account || size <= 1) continue;
      contract_.assign(contract);
      return true;
    }
    return false;
  }

  void close_position() {
    request_.body() = fmt::format(R"({{"accountId":{},"contractId":"{}"}})", arguments_.account, contract_);
    request_.prepare_payload();
    http::async_write(rest_, request_, [this](error_code ec, std::size_t) {
      if (ec) return fail(ec);
      reply_ = {};
      http::async_read(rest_, reply_bytes_, reply_, [this](error_code end, std::size_t) {
        if (end) fail(end);
      });
    });
  }

  void fail(error_code ec) {
    failure_ = ec;
    error_code ignored; // it is over anyway
    hub_.next_layer().next_layer().close(ignored);
    rest_.next_layer().close(ignored);
  }

  PeerArguments arguments_;
  beast::websocket::stream<TlsStream> hub_;
  TlsStream rest_;
  ondemand::parser parser_;
  beast::flat_buffer event_;
  beast::flat_buffer reply_bytes_;
  std::string contract_;
  http::request<http::string_body> request_;
  http::response<http::string_body> reply_;
  error_code failure_;
};

} // namespace

int run_beast_peer(const PeerArguments& arguments) {
  try {
    asio::io_context io(1);
    ssl::context tls(ssl::context::tls_client);
    tls.load_verify_file(arguments.ca_file);
    tls.set_verify_mode(ssl::verify_peer);
    BeastPeer peer(io, tls, arguments);
    peer.connect();
    io.run();
    std::cerr << "beast peer: " << peer.failure().message() << '\n';
    return 1;
  } catch (const std::exception& failure) {
    std::cerr << "beast peer: " << failure.what() << '\n';
    return 1;
  }
}

} // namespace bulkhead::bench
