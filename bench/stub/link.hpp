#pragma once
// One accepted connection of the stub gateway: a non-blocking socket, plain or TLS, with the bytes that came
// in and are not consumed yet. Owned by StubGateway; its thread only. Input is bounded: a peer that leaves
// more than 1 MiB unconsumed is cut.

#include "protocol/transport.hpp"

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace bulkhead::bench {

using protocol::MonotonicNanos;

class Link {
public:
  /// Takes the socket, which must be non-blocking. Plain without `tls`.
  Link(int socket, SSL_CTX* tls);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Takes a step of the handshake, or reads what is there. False when the connection is over.
  [[nodiscard]] bool receive();
  /// Hands everything to the kernel; spins while its buffer is full, a second at most. False when it failed.
  [[nodiscard]] bool send(std::string_view bytes);

  [[nodiscard]] std::string& input() noexcept { return input_; }
  /// When the last read returned.
  [[nodiscard]] MonotonicNanos read_at() const noexcept { return read_at_; }
  [[nodiscard]] int socket() const noexcept { return socket_; }

private:
  [[nodiscard]] bool receive_plain();
  [[nodiscard]] bool receive_tls();
  [[nodiscard]] bool wants_more(int result) const;
  [[nodiscard]] bool take(const char* bytes, std::size_t size);

  int socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  bool shaken_ = false;
  std::string input_;
  MonotonicNanos read_at_ = 0;
};

} // namespace bulkhead::bench
