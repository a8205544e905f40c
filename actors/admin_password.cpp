#include "actors/admin_password.hpp"

#include "actors/control_keys.hpp"
#include "actors/secret_file.hpp"

#include <array>
#include <fmt/format.h>
#include <sodium.h>

namespace bulkhead::actors {
namespace {

using model::Errc;
using model::Error;

constexpr std::size_t longest_password = 1024;

std::filesystem::path hash_file(const std::filesystem::path& data_dir) {
  return control_directory(data_dir) / "admin.hash";
}

} // namespace

model::Result<void> set_admin_password(const std::filesystem::path& data_dir, const std::string& password) {
  if (password.size() < shortest_password || password.size() > longest_password) {
    return Error{Errc::out_of_range, fmt::format("the admin password must have {} to {} bytes",
                                                 shortest_password, longest_password)};
  }
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const bool hashed =
      sodium_init() >= 0 &&
      crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0;
  if (!hashed) return Error{Errc::io, "cannot hash the password: out of memory"};
  return write_secret_file(hash_file(data_dir), std::string(hash.data()) + '\n');
}

model::Result<bool> is_admin_password(const std::filesystem::path& data_dir, const std::string& password) {
  auto stored = read_small_file(hash_file(data_dir));
  if (!stored) {
    if (stored.error().code() == Errc::not_found) return Error{Errc::missing, "no admin password is set"};
    return stored.error();
  }
  while (!stored->empty() && stored->back() == '\n') stored->pop_back();
  if (sodium_init() < 0) return Error{Errc::io, "libsodium does not start"};
  return crypto_pwhash_str_verify(stored->c_str(), password.data(), password.size()) == 0;
}

std::string make_token() {
  std::array<unsigned char, 32> bytes{};
  std::array<char, 65> text{};
  randombytes_buf(bytes.data(), bytes.size());
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

} // namespace bulkhead::actors
