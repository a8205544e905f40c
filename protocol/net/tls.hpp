#pragma once
// TLS as a client: which certificates are trusted, which name they must carry, and why a handshake failed. A
// context is made once at start by the composition root and shared, immutable, by every transport; the other
// functions run on the io thread of the stream they are given.

#include "model/error.hpp"

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace bulkhead::protocol::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 or newer, peer verification on. Trusts `ca_file` (PEM, one or more certificates) and nothing else
/// if given, the system's store if not. Errors: not_found, malformed (the file), io (no system store).
[[nodiscard]] model::Result<TlsContext>
make_tls_context(const std::optional<std::filesystem::path>& ca_file = {});

/// Before the handshake: the certificate must be for `host`, a name or an IP address; names are also sent as
/// SNI. Errors: malformed.
[[nodiscard]] model::Result<void> expect_host(SSL* ssl, const std::string& host);

/// Why the handshake failed, for people: "the certificate has expired", "the certificate is for another
/// host", ...
[[nodiscard]] std::string handshake_failure(const SSL* ssl, const boost::system::error_code& error);

} // namespace bulkhead::protocol::net
