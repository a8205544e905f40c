#include "bench/peers/peers.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace bulkhead::bench {
namespace {

constexpr std::string_view trigger = R"("size":2,)";

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string close_request(const PeerArguments& arguments) {
  const auto body = fmt::format(R"({{"accountId":{},"contractId":"{}"}})", arguments.account, peer_contract);
  return fmt::format("POST /api/Position/closeContract HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                     "User-Agent: floor\r\nAccept: application/json\r\nAuthorization: Bearer {}\r\n"
                     "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                     arguments.port, arguments.token, body.size(), body);
}

} // namespace

int run_floor_peer(const PeerArguments& arguments) {
  const int rest = connect_to(arguments.port);
  const int stream = connect_to(arguments.port);
  const auto request = close_request(arguments);
  if (rest < 0 || stream < 0 || !send_all(stream, fmt::format("RAW {}\n", arguments.token))) return 1;
  std::array<char, 16 * 1024> buffer; // NOLINT: filled by recv
  for (;;) {
    const auto size = ::recv(stream, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0 ? 0 : 1;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
    if (bytes.find(trigger) == std::string_view::npos) continue;
    if (!send_all(rest, request) || ::recv(rest, buffer.data(), buffer.size(), 0) <= 0) return 1;
  }
}

} // namespace bulkhead::bench
