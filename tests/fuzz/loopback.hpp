#pragma once
// The other end of one plain connection on the loopback, in the same thread as the client: waits for the head
// of a request, then says what it is told to, piece by piece, and ends. One object per connection. Bounded: a
// client that is not done within a minute, on however busy a machine, does not end by itself.

#include "tests/fuzz/bytes.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace bulkhead::fuzz {

using Pieces = std::vector<std::string>;

class Loopback {
public:
  /// What to answer to the head of the request.
  using Answer = std::function<Pieces(const std::string& head)>;

  Loopback(boost::asio::io_context& io, Answer answer)
      : io_(io), answer_(std::move(answer)), acceptor_(io, {next_address(), 0}), socket_(io) {
    acceptor_.async_accept(socket_, [this](boost::system::error_code ec) {
      if (!ec) listen();
    });
  }
  [[nodiscard]] std::string host() const { return acceptor_.local_endpoint().address().to_string(); }
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  /// Runs the client until `done`, then whatever is left of it.
  void play(const std::function<bool()>& done, const std::function<void()>& end) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!done()) expect(io_.run_one_until(limit) > 0, "the client comes to an end by itself");
    end();
    socket_.close();
    acceptor_.close();
    while (io_.poll() > 0) {
    }
  }

private:
  /// Each connection leaves its ports taken for a minute; the loopback has addresses enough.
  static boost::asio::ip::address_v4 next_address() {
    static std::uint32_t count = 0;
    return boost::asio::ip::address_v4(boost::asio::ip::address_v4::loopback().to_uint() + ++count % 250);
  }
  void listen() {
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
    boost::asio::async_read_until(socket_, boost::asio::dynamic_buffer(head_), "\r\n\r\n",
                                  [this](boost::system::error_code ec, std::size_t size) {
                                    if (ec) return;
                                    pieces_ = answer_(head_.substr(0, size));
                                    say(0);
                                  });
  }
  /// One piece at a time, with the client's turn in between.
  void say(std::size_t index) {
    boost::system::error_code gone;
    if (index == pieces_.size()) {
      socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, gone);
      return drain();
    }
    boost::asio::write(socket_, boost::asio::buffer(pieces_[index]), gone);
    if (!gone) boost::asio::post(io_, [this, index] { say(index + 1); });
  }
  /// Closing with unread bytes would be a reset, which takes back what was said.
  void drain() {
    socket_.async_read_some(boost::asio::buffer(rest_), [this](boost::system::error_code ec, std::size_t) {
      if (!ec) drain();
    });
  }

  boost::asio::io_context& io_;
  Answer answer_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket socket_;
  std::string head_;
  Pieces pieces_;
  std::array<char, 512> rest_{};
};

/// The bytes cut where the input says.
inline Pieces cut(std::string_view text, Bytes& bytes) {
  Pieces pieces;
  while (text.size() > 1 && !bytes.empty() && pieces.size() < 8) {
    const std::size_t length = 1 + bytes.byte() % (text.size() - 1);
    pieces.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  pieces.emplace_back(text);
  return pieces;
}

} // namespace bulkhead::fuzz
