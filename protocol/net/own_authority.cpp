#include "protocol/net/own_authority.hpp"

#include <fmt/format.h>
#include <memory>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace bulkhead::protocol::net {
namespace {

using model::Errc;
using model::Error;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long a_day = 24L * 3600;

Error openssl_error(std::string_view what) {
  return {Errc::io, fmt::format("{}: OpenSSL error {:#x}", what, ERR_get_error())};
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

/// Everything but extensions and signature.
Certificate new_certificate(EVP_PKEY* key, const std::string& name, std::chrono::days valid, X509* issuer) {
  Certificate out(X509_new(), &X509_free);
  unsigned char serial[8] = {};
  if (!out || RAND_bytes(serial, sizeof serial) != 1) return {nullptr, &X509_free};
  serial[0] = 1; // positive
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(out.get()));
  BN_free(number);
  X509_set_version(out.get(), 2);
  // From a year ago: a clock that is set back, or was wrong at the first start, must lock nobody out.
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -365 * a_day);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), static_cast<long>(valid.count()) * a_day);
  X509_set_pubkey(out.get(), key);
  X509_NAME* subject = X509_get_subject_name(out.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(out.get(), issuer ? X509_get_subject_name(issuer) : subject);
  return out;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

model::Result<Identity> to_pem(X509* certificate, EVP_PKEY* key) {
  const Memory first(BIO_new(BIO_s_mem()), &BIO_free);
  const Memory second(BIO_new(BIO_s_mem()), &BIO_free);
  const bool written =
      first && second && PEM_write_bio_X509(first.get(), certificate) == 1 &&
      PEM_write_bio_PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  if (!written) return openssl_error("cannot write PEM");
  return Identity{text_of(first.get()), text_of(second.get())};
}

Memory reader(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

Certificate read_certificate(const std::string& pem) {
  const auto memory = reader(pem);
  return {PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free};
}

Key read_key(const std::string& pem) {
  const auto memory = reader(pem);
  return {PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

/// OpenSSL keeps a queue of what went wrong in this thread; left there it would be taken for another's fault.
Error unreadable() {
  ERR_clear_error();
  return {Errc::malformed, "not a certificate or key in PEM"};
}

} // namespace

model::Result<Identity> make_authority(const std::string& name, std::chrono::days valid) {
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (!key) return openssl_error("cannot make a key");
  const auto ca = new_certificate(key.get(), name, valid, nullptr);
  const bool made = ca &&
                    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") &&
                    X509_sign(ca.get(), key.get(), EVP_sha256()) > 0;
  if (!made) return openssl_error("cannot make the CA certificate");
  return to_pem(ca.get(), key.get());
}

model::Result<Identity> issue(const Identity& authority, Purpose purpose, const std::string& name,
                              std::chrono::days valid) {
  const auto ca = read_certificate(authority.certificate);
  const auto ca_key = read_key(authority.private_key);
  if (!ca || !ca_key) return unreadable();
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (!key) return openssl_error("cannot make a key");
  const auto leaf = new_certificate(key.get(), name, valid, ca.get());
  const bool serves = purpose == Purpose::server;
  const bool made =
      leaf && add_extension(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(leaf.get(), ca.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(leaf.get(), ca.get(), NID_ext_key_usage, serves ? "serverAuth" : "clientAuth") &&
      add_extension(leaf.get(), ca.get(), NID_authority_key_identifier, "keyid") &&
      (!serves ||
       add_extension(leaf.get(), ca.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1")) &&
      X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0;
  if (!made) return openssl_error("cannot make the certificate");
  return to_pem(leaf.get(), key.get());
}

model::Result<model::Instant> valid_until(const std::string& certificate) {
  const auto read = read_certificate(certificate);
  std::tm parts{};
  if (!read || ASN1_TIME_to_tm(X509_get0_notAfter(read.get()), &parts) != 1) return unreadable();
  return model::Instant{std::chrono::seconds{timegm(&parts)}};
}

model::Result<bool> issued_by(const std::string& certificate, const std::string& authority) {
  const auto read = read_certificate(certificate);
  const auto ca = read_certificate(authority);
  if (!read || !ca) return unreadable();
  const bool signed_by_it = X509_verify(read.get(), X509_get0_pubkey(ca.get())) == 1;
  ERR_clear_error();
  return signed_by_it;
}

} // namespace bulkhead::protocol::net
