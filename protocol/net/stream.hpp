#pragma once
// A TCP connection with or without TLS as one type, so that everything above is compiled once and asks no
// further. Models AsyncStream for completion handlers (not for other completion tokens). Owned by one
// connection or websocket; io thread only. Bound to io_context's own executor: a type-erased one would cost
// an allocation per operation.

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <utility>
#include <variant>

namespace bulkhead::protocol::net {

namespace asio = boost::asio;
using boost::system::error_code;

class Stream {
public:
  using executor_type = asio::io_context::executor_type;
  using Socket = asio::basic_stream_socket<asio::ip::tcp, executor_type>;
  using Tls = asio::ssl::stream<Socket>;

  explicit Stream(asio::io_context& io) : layer_(std::in_place_type<Socket>, io) {}
  Stream(asio::io_context& io, asio::ssl::context& context)
      : layer_(std::in_place_type<Tls>, Socket(io), context) {}

  [[nodiscard]] executor_type get_executor() noexcept { return socket().get_executor(); }
  [[nodiscard]] Tls* tls() noexcept { return std::get_if<Tls>(&layer_); }
  [[nodiscard]] Socket& socket() noexcept {
    if (auto* tls = std::get_if<Tls>(&layer_)) return tls->next_layer();
    return *std::get_if<Socket>(&layer_);
  }
  /// Pending operations complete with operation_aborted. Without close_notify: nobody waits for it on either
  /// side.
  void close() noexcept {
    error_code ignored;
    socket().shutdown(Socket::shutdown_both, ignored);
    socket().close(ignored);
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (auto* tls = std::get_if<Tls>(&layer_))
      tls->async_read_some(buffers, std::forward<Handler>(handler));
    else
      std::get_if<Socket>(&layer_)->async_read_some(buffers, std::forward<Handler>(handler));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (auto* tls = std::get_if<Tls>(&layer_))
      tls->async_write_some(buffers, std::forward<Handler>(handler));
    else
      std::get_if<Socket>(&layer_)->async_write_some(buffers, std::forward<Handler>(handler));
  }

  /// Waits unless the socket is non-blocking; no asynchronous write may be pending.
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& ec) {
    return std::visit([&](auto& layer) { return layer.write_some(buffers, ec); }, layer_);
  }

  // How Beast's websocket takes a stream down: at once. Waiting for the peer's FIN would let a peer that
  // never sends one delay on_closed for ever.
  friend void beast_close_socket(Stream& stream) { stream.close(); }
  friend void teardown(boost::beast::role_type, Stream& stream, error_code& ec) {
    stream.close();
    ec = {};
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    stream.close();
    asio::post(stream.get_executor(),
               boost::beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
  }

private:
  std::variant<Socket, Tls> layer_;
};

} // namespace bulkhead::protocol::net
