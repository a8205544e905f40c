#include "simulator/certificates.hpp"

#include "protocol/net/own_authority.hpp"

#include <fmt/format.h>
#include <fstream>

namespace bulkhead::simulator {

namespace net = protocol::net;

model::Result<ServerIdentity> make_server_identity() {
  constexpr std::chrono::days a_year{365};
  const auto ca = net::make_authority("Bulkhead simulator CA", a_year);
  if (!ca) return ca.error();
  auto leaf = net::issue(*ca, net::Purpose::server, "localhost", a_year);
  if (!leaf) return leaf.error();
  return ServerIdentity{ca->certificate, std::move(leaf->certificate), std::move(leaf->private_key)};
}

model::Result<void> write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::trunc);
  out << text;
  out.close();
  if (!out) return model::Error{model::Errc::io, fmt::format("cannot write {}", file.string())};
  return {};
}

} // namespace bulkhead::simulator
