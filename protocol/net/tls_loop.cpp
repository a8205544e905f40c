#include "protocol/net/tls_loop.hpp"

#include "protocol/net/own_authority.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string>

namespace bulkhead::protocol::net {
namespace {

using model::Errc;
using model::Error;

constexpr std::chrono::days for_as_long_as_it_runs{3650};
constexpr int most_turns = 8; // a handshake takes two of each side

bool use(SSL_CTX& context, const std::string& certificate, const std::string& key) {
  const auto text = [](const std::string& pem) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  };
  const std::unique_ptr<X509, decltype(&X509_free)> own(
      PEM_read_bio_X509(text(certificate).get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> secret(
      PEM_read_bio_PrivateKey(text(key).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  return own && secret && SSL_CTX_use_certificate(&context, own.get()) == 1 &&
         SSL_CTX_use_PrivateKey(&context, secret.get()) == 1;
}

} // namespace

model::Result<std::shared_ptr<TlsLoop>> TlsLoop::make() {
  const auto authority = make_authority("rehearsal", for_as_long_as_it_runs);
  if (!authority) return authority.error();
  const auto identity = issue(*authority, Purpose::server, "localhost", for_as_long_as_it_runs);
  if (!identity) return identity.error();
  std::shared_ptr<TlsLoop> loop(new TlsLoop);
  if (!loop->connect(identity->certificate, identity->private_key)) {
    ERR_clear_error();
    return Error{Errc::io, "TLS: no connection to rehearse on"};
  }
  return loop;
}

bool TlsLoop::connect(const std::string& certificate, const std::string& key) {
  client_context_.reset(SSL_CTX_new(TLS_client_method()));
  server_context_.reset(SSL_CTX_new(TLS_server_method()));
  if (!client_context_ || !server_context_ || !use(*server_context_, certificate, key)) return false;
  SSL_CTX_set_num_tickets(server_context_.get(), 0);
  client_.reset(SSL_new(client_context_.get()));
  server_.reset(SSL_new(server_context_.get()));
  BIO* ours = nullptr;
  BIO* theirs = nullptr;
  if (!client_ || !server_ || BIO_new_bio_pair(&ours, 0, &theirs, 0) != 1) return false;
  SSL_set_bio(client_.get(), ours, ours); // each end owns its half
  SSL_set_bio(server_.get(), theirs, theirs);
  SSL_set_connect_state(client_.get());
  SSL_set_accept_state(server_.get());
  for (int turn = 0; turn < most_turns; ++turn) {
    const bool ready = SSL_do_handshake(client_.get()) == 1;
    if (SSL_do_handshake(server_.get()) == 1 && ready) return true;
  }
  return false;
}

std::string_view TlsLoop::carry(SSL& from, SSL& to, std::string_view bytes) {
  if (bytes.empty() || bytes.size() > most_at_once) return {};
  ERR_clear_error();
  const auto size = static_cast<int>(bytes.size());
  if (SSL_write(&from, bytes.data(), size) != size) return {};
  const int got = SSL_read(&to, buffer_.data(), static_cast<int>(buffer_.size()));
  return {buffer_.data(), static_cast<std::size_t>(std::max(got, 0))};
}

} // namespace bulkhead::protocol::net
