#include "tests/support/protocol/certificates.hpp"

#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace bulkhead::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

void check(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  check(key != nullptr, "cannot make a key");
  return key;
}

File write_to(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "w"), &std::fclose);
  check(file != nullptr, "cannot write a test certificate");
  return file;
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), &X509_EXTENSION_free);
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
        "cannot add an extension");
}

Certificate make_certificate(int serial, const std::string& name, EVP_PKEY* key, long seconds_left) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds_left);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

} // namespace

struct TestAuthority::Keys {
  Key key = make_key();
  Certificate certificate = make_certificate(1, "Bulkhead test authority", key.get(), 3600);
};

TestAuthority::TestAuthority() : keys_(std::make_unique<Keys>()) {
  std::string name = (std::filesystem::temp_directory_path() / "bulkhead-tls-XXXXXX").string();
  check(mkdtemp(name.data()) != nullptr, "cannot make a temporary directory");
  directory_ = name;
  X509* ca = keys_->certificate.get();
  X509_set_issuer_name(ca, X509_get_subject_name(ca));
  add_extension(ca, ca, NID_basic_constraints, "critical,CA:TRUE");
  check(X509_sign(ca, keys_->key.get(), EVP_sha256()) > 0, "cannot sign the authority");
  check(PEM_write_X509(write_to(ca_file()).get(), ca) == 1, "cannot write the authority");
}

TestAuthority::~TestAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

ServerFiles TestAuthority::issue(const std::string& names, bool expired) {
  const int serial = ++serial_;
  const Key key = make_key();
  const Certificate certificate = make_certificate(serial, "test server", key.get(), expired ? -1800 : 3600);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(keys_->certificate.get()));
  add_extension(certificate.get(), keys_->certificate.get(), NID_subject_alt_name, names);
  check(X509_sign(certificate.get(), keys_->key.get(), EVP_sha256()) > 0, "cannot sign a certificate");

  const ServerFiles files{directory_ / (std::to_string(serial) + ".pem"),
                          directory_ / (std::to_string(serial) + ".key")};
  check(PEM_write_X509(write_to(files.certificate).get(), certificate.get()) == 1,
        "cannot write a certificate");
  check(PEM_write_PrivateKey(write_to(files.key).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
            1,
        "cannot write a key");
  return files;
}

} // namespace bulkhead::testing
