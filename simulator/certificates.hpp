#pragma once
// A certificate authority and a server certificate made on the spot, so that TLS with full verification can
// be tried without any preparation. Pure functions over OpenSSL; any thread.

#include "model/error.hpp"

#include <filesystem>
#include <string>

namespace bulkhead::simulator {

/// All in PEM. The certificate is for localhost, 127.0.0.1 and ::1, P-256, valid from an hour ago for a year.
struct ServerIdentity {
  std::string ca_certificate;
  std::string certificate;
  std::string private_key;
};

/// A new CA each time; its key is forgotten after signing. Errors: io when OpenSSL fails.
[[nodiscard]] model::Result<ServerIdentity> make_server_identity();
/// Errors: io.
[[nodiscard]] model::Result<void> write_text(const std::filesystem::path& file, const std::string& text);

} // namespace bulkhead::simulator
