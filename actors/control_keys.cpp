#include "actors/control_keys.hpp"

#include "actors/secret_file.hpp"
#include "protocol/net/own_authority.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {

namespace net = protocol::net;
using model::Errc;
using model::Error;

namespace {

constexpr std::chrono::days authority_lasts{3650};
constexpr std::chrono::days certificate_lasts{825};
constexpr std::chrono::days renewed_before_end{30};

std::filesystem::path authority_key(const std::filesystem::path& data_dir) {
  return control_directory(data_dir) / "ca.key";
}

model::Result<void> write(const net::Identity& identity, const std::filesystem::path& certificate,
                          const std::filesystem::path& key) {
  if (auto written = write_secret_file(key, identity.private_key); !written) return written;
  return write_secret_file(certificate, identity.certificate);
}

/// The CA with its key; a new one when either is missing or ends soon.
model::Result<net::Identity> authority(const std::filesystem::path& data_dir, model::Instant now) {
  const auto file = server_files(data_dir).authority;
  const auto certificate = read_small_file(file);
  const auto key = read_small_file(authority_key(data_dir));
  if (certificate && key) {
    const auto until = net::valid_until(*certificate);
    if (until && *until > now + certificate_lasts) return net::Identity{*certificate, *key};
  }
  auto made = net::make_authority("Bulkhead control CA", authority_lasts);
  if (!made) return made;
  if (auto written = write(*made, file, authority_key(data_dir)); !written) return written.error();
  return made;
}

} // namespace

std::filesystem::path control_directory(const std::filesystem::path& data_dir) {
  return data_dir / "control";
}

TlsFiles server_files(const std::filesystem::path& data_dir) {
  const auto directory = control_directory(data_dir);
  return {directory / "server.pem", directory / "server.key", directory / "ca.pem"};
}

TlsFiles client_files(const std::filesystem::path& data_dir) {
  const auto directory = control_directory(data_dir);
  return {directory / "client.pem", directory / "client.key", directory / "ca.pem"};
}

model::Result<void> verify_keys(const TlsFiles& files, model::Instant now) {
  const auto certificate = read_small_file(files.certificate);
  if (!certificate) return certificate.error();
  if (const auto key = read_small_file(files.key); !key) return key.error();
  const auto ca = read_small_file(files.authority);
  if (!ca) return ca.error();
  const auto until = net::valid_until(*certificate);
  const auto belongs = net::issued_by(*certificate, *ca);
  if (!until || !belongs) return Error{Errc::malformed, files.certificate.string() + " is no certificate"};
  if (!*belongs) return Error{Errc::rejected, files.certificate.string() + " is of another CA"};
  if (*until <= now) return Error{Errc::rejected, files.certificate.string() + " has expired"};
  return {};
}

model::Result<bool> ensure_control_keys(const std::filesystem::path& data_dir, model::Instant now) {
  const bool server_good = !verify_keys(server_files(data_dir), now + renewed_before_end).has_error();
  const bool client_good = !verify_keys(client_files(data_dir), now + renewed_before_end).has_error();
  if (server_good && client_good) return false;
  const auto ca = authority(data_dir, now);
  if (!ca) return ca.error();
  const auto renew = [&](const TlsFiles& files, net::Purpose purpose,
                         const char* name) -> model::Result<void> {
    if (!verify_keys(files, now + renewed_before_end).has_error()) return {};
    const auto made = net::issue(*ca, purpose, name, certificate_lasts);
    return made ? write(*made, files.certificate, files.key) : made.error();
  };
  if (auto made = renew(server_files(data_dir), net::Purpose::server, "bulkhead daemon"); !made)
    return made.error();
  if (auto made = renew(client_files(data_dir), net::Purpose::client, "bulkhead client"); !made)
    return made.error();
  return true;
}

model::Result<void> export_client(const std::filesystem::path& data_dir,
                                  const std::filesystem::path& directory) {
  const auto from = client_files(data_dir);
  const auto to = client_files(directory);
  for (const auto& [source, target] : {std::pair{from.authority, to.authority}, std::pair{from.key, to.key},
                                       std::pair{from.certificate, to.certificate}}) {
    const auto text = read_small_file(source);
    if (!text) return text.error();
    if (auto written = write_secret_file(target, *text); !written) return written;
  }
  return {};
}

} // namespace bulkhead::actors
