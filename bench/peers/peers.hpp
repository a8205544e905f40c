#pragma once
// The two programs the daemon is measured against, each a process of its own (this executable, started with
// the peer's name). Both close the position of every GatewayUserPosition event that says more than one
// contract, over a connection that is warm, and do nothing else: no book, no rules, no journal, no proof.

#include <cstdint>
#include <string>

namespace bulkhead::bench {

struct PeerArguments {
  std::uint16_t port = 0;
  std::int64_t account = 0;
  std::string token;
  std::string ca_file; // for TLS
};

/// The floor: blocking recv on a plain TCP stream, a substring test, a pre-built HTTP request, one thread.
/// Runs until the stub goes. Returns the process's exit code.
[[nodiscard]] int run_floor_peer(const PeerArguments& arguments);
/// One io_context thread with Boost.Beast: websocket over TLS, simdjson on demand, POST over TLS.
[[nodiscard]] int run_beast_peer(const PeerArguments& arguments);

/// What both ask of the gateway.
inline constexpr const char* peer_contract = "CON.F.US.MNQ.Z25";

} // namespace bulkhead::bench
