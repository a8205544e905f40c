#include "protocol/net/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <system_error>

namespace bulkhead::protocol::net {
namespace ssl = boost::asio::ssl;
using model::Errc;
using model::Error;

model::Result<TlsContext> make_tls_context(const std::optional<std::filesystem::path>& ca_file) {
  boost::system::error_code ec;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(ssl::verify_peer, ec);
  if (ec) return Error{Errc::io, fmt::format("TLS: cannot require certificates: {}", ec.message())};
  if (!ca_file) {
    context->set_default_verify_paths(ec);
    if (ec)
      return Error{Errc::io, fmt::format("TLS: cannot use the system's certificate store: {}", ec.message())};
    return context;
  }
  std::error_code missing;
  if (!std::filesystem::is_regular_file(*ca_file, missing))
    return Error{Errc::not_found, fmt::format("TLS: there is no certificate file {}", ca_file->string())};
  context->load_verify_file(ca_file->string(), ec);
  if (ec)
    return Error{Errc::malformed,
                 fmt::format("TLS: no usable PEM certificate in {}: {}", ca_file->string(), ec.message())};
  return context;
}

// OpenSSL itself compares name and certificate (RFC 6125, as asio's host_name_verification does), because
// then the result of the verification also says that it was the name that did not fit.
model::Result<void> expect_host(SSL* ssl, const std::string& host) {
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // By default every record's 16 KiB buffer is freed and allocated again; memory is cheaper here than time.
  SSL_clear_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  const bool is_name = static_cast<bool>(not_an_address);
  const bool accepted =
      is_name ? SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1
              : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  if (!accepted) return Error{Errc::malformed, fmt::format("TLS cannot verify a host called '{}'", host)};
  return {};
}

std::string handshake_failure(const SSL* ssl, const boost::system::error_code& error) {
  const long result = SSL_get_verify_result(ssl);
  const char* detail = X509_verify_cert_error_string(result);
  switch (result) {
  case X509_V_OK: return error.message();
  case X509_V_ERR_CERT_HAS_EXPIRED: return "the certificate has expired";
  case X509_V_ERR_CERT_NOT_YET_VALID: return "the certificate is not valid yet";
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH: return "the certificate is for another host";
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    return fmt::format("the certificate comes from an unknown authority ({})", detail);
  default: return fmt::format("the certificate was refused: {}", detail);
  }
}

} // namespace bulkhead::protocol::net
