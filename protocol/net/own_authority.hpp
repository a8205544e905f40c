#pragma once
// A certificate authority of one's own and the certificates it issues, made in the process, so that TLS on
// both sides needs no preparation: for the control port and for the simulated gateway. Pure functions over
// OpenSSL; any thread.

#include "model/error.hpp"
#include "model/time.hpp"

#include <chrono>
#include <string>

namespace bulkhead::protocol::net {

/// A certificate and its key (P-256), both PEM.
struct Identity {
  std::string certificate;
  std::string private_key;
};

enum class Purpose { server, client };

/// Valid from an hour ago. Errors: io when OpenSSL fails.
[[nodiscard]] model::Result<Identity> make_authority(const std::string& name, std::chrono::days valid);
/// A server's certificate is for localhost, 127.0.0.1 and ::1; each is good for its purpose only. Errors: io,
/// malformed when the authority cannot be read.
[[nodiscard]] model::Result<Identity> issue(const Identity& authority, Purpose purpose,
                                            const std::string& name, std::chrono::days valid);
/// Until when a certificate (PEM) is valid. Errors: malformed.
[[nodiscard]] model::Result<model::Instant> valid_until(const std::string& certificate);
/// Whether the authority signed the certificate. Errors: malformed.
[[nodiscard]] model::Result<bool> issued_by(const std::string& certificate, const std::string& authority);

} // namespace bulkhead::protocol::net
