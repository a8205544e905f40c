#include "bench/stub/link.hpp"

#include <array>
#include <cerrno>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulkhead::bench {
namespace {

constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t most_unconsumed = 1 << 20;
constexpr MonotonicNanos send_patience = 1'000'000'000;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

} // namespace

Link::Link(int socket, SSL_CTX* tls) : socket_(socket), tls_(tls ? SSL_new(tls) : nullptr, &SSL_free) {
  if (tls_) SSL_set_fd(tls_.get(), socket_);
}

Link::~Link() { ::close(socket_); }

bool Link::receive() { return tls_ ? receive_tls() : receive_plain(); }

bool Link::take(const char* bytes, std::size_t size) {
  read_at_ = protocol::monotonic_now(); // before anything else: this ends the measured span
  if (input_.size() + size > most_unconsumed) return false;
  input_.append(bytes, size);
  return true;
}

bool Link::receive_plain() {
  std::array<char, read_size> buffer; // NOLINT: filled by recv
  const auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size > 0) return take(buffer.data(), static_cast<std::size_t>(size));
  return size < 0 && would_block();
}

bool Link::wants_more(int result) const {
  const int error = SSL_get_error(tls_.get(), result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

bool Link::receive_tls() {
  ERR_clear_error();
  if (!shaken_) {
    const int result = SSL_accept(tls_.get());
    shaken_ = result == 1;
    return shaken_ || wants_more(result);
  }
  std::array<char, read_size> buffer; // NOLINT: filled by SSL_read
  do {
    const int size = SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (size <= 0) return wants_more(size);
    if (!take(buffer.data(), static_cast<std::size_t>(size))) return false;
  } while (SSL_has_pending(tls_.get()) == 1);
  return true;
}

bool Link::send(std::string_view bytes) {
  const auto give_up = protocol::monotonic_now() + send_patience;
  ERR_clear_error();
  while (!bytes.empty()) {
    if (tls_) {
      const int size = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
      if (size <= 0 && !wants_more(size)) return false;
    } else {
      const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
      if (size < 0 && !would_block()) return false;
    }
    if (!bytes.empty() && protocol::monotonic_now() > give_up) return false;
  }
  return true;
}

} // namespace bulkhead::bench
