#pragma once
// Test certificates, made on the spot: a private authority and server certificates it signed, as PEM files in
// a temporary directory that goes with the object. Elliptic keys, because they take a millisecond.

#include <filesystem>
#include <memory>
#include <string>

namespace bulkhead::testing {

struct ServerFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

class TestAuthority {
public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  [[nodiscard]] std::filesystem::path ca_file() const { return directory_ / "ca.pem"; }
  /// `names` as OpenSSL writes a subjectAltName: "DNS:localhost,IP:127.0.0.1". Valid from an hour ago for an
  /// hour more, or, if `expired`, until half an hour ago.
  [[nodiscard]] ServerFiles issue(const std::string& names, bool expired = false);

private:
  struct Keys;
  std::filesystem::path directory_;
  std::unique_ptr<Keys> keys_;
  int serial_ = 1;
};

} // namespace bulkhead::testing
