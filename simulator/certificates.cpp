#include "simulator/certificates.hpp"

#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace bulkhead::simulator {
namespace {

using model::Errc;
using model::Error;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long an_hour = 3600;
constexpr long a_year = 365L * 24 * 3600;

Error openssl_error(std::string_view what) {
  return {Errc::io, fmt::format("{}: OpenSSL error {:#x}", what, ERR_get_error())};
}

Key new_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

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
Certificate new_certificate(EVP_PKEY* key, const char* common_name, X509_NAME* issuer) {
  Certificate out(X509_new(), &X509_free);
  unsigned char serial[8] = {};
  if (!out || RAND_bytes(serial, sizeof serial) != 1) return {nullptr, &X509_free};
  serial[0] = 1; // positive
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(out.get()));
  BN_free(number);
  X509_set_version(out.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -an_hour);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), a_year);
  X509_set_pubkey(out.get(), key);
  X509_NAME* name = X509_get_subject_name(out.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name),
                             -1, -1, 0);
  X509_set_issuer_name(out.get(), issuer ? issuer : name);
  return out;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  return PEM_write_bio_X509(memory.get(), certificate) == 1 ? text_of(memory.get()) : std::string();
}

std::string pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  const bool written =
      PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? text_of(memory.get()) : std::string();
}

} // namespace

model::Result<ServerIdentity> make_server_identity() {
  const Key ca_key = new_key();
  const Key key = new_key();
  if (!ca_key || !key) return openssl_error("cannot make a key");
  const auto ca = new_certificate(ca_key.get(), "Bulkhead simulator CA", nullptr);
  if (!ca) return openssl_error("cannot make a certificate");
  const bool ca_made =
      add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
      add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") &&
      X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0;
  const auto leaf = new_certificate(key.get(), "localhost", X509_get_subject_name(ca.get()));
  if (!ca_made || !leaf) return openssl_error("cannot make the CA certificate");
  const bool leaf_made =
      add_extension(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(leaf.get(), ca.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth") &&
      add_extension(leaf.get(), ca.get(), NID_authority_key_identifier, "keyid") &&
      add_extension(leaf.get(), ca.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
      X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0;
  if (!leaf_made) return openssl_error("cannot make the server certificate");
  ServerIdentity out{pem(ca.get()), pem(leaf.get()), pem(key.get())};
  if (out.ca_certificate.empty() || out.certificate.empty() || out.private_key.empty()) {
    return openssl_error("cannot write PEM");
  }
  return out;
}

model::Result<void> write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::trunc);
  out << text;
  out.close();
  if (!out) return Error{Errc::io, fmt::format("cannot write {}", file.string())};
  return {};
}

} // namespace bulkhead::simulator
