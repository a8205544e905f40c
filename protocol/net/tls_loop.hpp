#pragma once
// Both ends of a TLS connection in memory: what one says is encrypted, decrypted and read by the other as on
// a connection to a gateway, but nothing leaves the process. For whoever rehearses; it proves nothing about
// anybody's identity. Owned by one user; one thread at a time. A call carries at most 8 KiB.

#include "model/error.hpp"

#include <array>
#include <memory>
#include <openssl/ssl.h>
#include <string_view>

namespace bulkhead::protocol::net {

class TlsLoop {
public:
  static constexpr std::size_t most_at_once = 8 * 1024;

  /// Makes keys and shakes hands: milliseconds. Errors: io when OpenSSL fails.
  [[nodiscard]] static model::Result<std::shared_ptr<TlsLoop>> make();

  /// From the gateway's end to ours, what came out. Empty when it is too long or the connection failed.
  [[nodiscard]] std::string_view hear(std::string_view bytes) { return carry(*server_, *client_, bytes); }
  /// From ours to the gateway's.
  [[nodiscard]] std::string_view say(std::string_view bytes) { return carry(*client_, *server_, bytes); }

private:
  template <class Kind, void (*end)(Kind*)>
  struct End {
    void operator()(Kind* object) const noexcept { end(object); }
  };
  using Context = std::unique_ptr<SSL_CTX, End<SSL_CTX, &SSL_CTX_free>>;
  using Ssl = std::unique_ptr<SSL, End<SSL, &SSL_free>>;

  TlsLoop() = default;
  [[nodiscard]] bool connect(const std::string& certificate, const std::string& key);
  [[nodiscard]] std::string_view carry(SSL& from, SSL& to, std::string_view bytes);

  Context client_context_;
  Context server_context_;
  Ssl client_;
  Ssl server_;
  std::array<char, most_at_once> buffer_{};
};

} // namespace bulkhead::protocol::net
