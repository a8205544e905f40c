// Sockets and the turn of the loop; what is said over them stands in stub_rest.cpp and stub_hubs.cpp.
#include "bench/stub/stub_gateway.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;

constexpr std::size_t events_per_turn = 64;
constexpr std::size_t connections_per_account = 20;

Error system_error(std::string_view what) {
  return {Errc::io, fmt::format("{}: {}", what, std::strerror(errno))};
}

} // namespace

model::Result<std::unique_ptr<StubGateway>> StubGateway::open(const simulator::ServerIdentity& identity) {
  std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to whoever has gone without asking for no signal
  std::unique_ptr<StubGateway> stub(new StubGateway);
  if (auto made = stub->make_tls(identity); !made) return made.error();
  stub->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (stub->epoll_ < 0) return system_error("epoll_create1");
  auto tls = stub->listen(stub->ports_.tls);
  if (!tls) return tls.error();
  stub->tls_listener_ = *tls;
  auto plain = stub->listen(stub->ports_.plain);
  if (!plain) return plain.error();
  stub->plain_listener_ = *plain;
  return stub;
}

StubGateway::~StubGateway() {
  peers_.clear();
  for (const int socket : {tls_listener_, plain_listener_, epoll_}) {
    if (socket >= 0) ::close(socket);
  }
}

model::Result<void> StubGateway::make_tls(const simulator::ServerIdentity& identity) {
  tls_.reset(SSL_CTX_new(TLS_server_method()));
  if (!tls_) return Error{Errc::io, "no TLS context"};
  const auto text = [](const std::string& pem) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  };
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(text(identity.certificate).get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(text(identity.private_key).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  SSL_CTX_set_min_proto_version(tls_.get(), TLS1_3_VERSION);
  SSL_CTX_set_num_tickets(tls_.get(), 0);
  const bool usable = certificate && key && SSL_CTX_use_certificate(tls_.get(), certificate.get()) == 1 &&
                      SSL_CTX_use_PrivateKey(tls_.get(), key.get()) == 1;
  if (!usable) return Error{Errc::io, "TLS: certificate or key refused"};
  return {};
}

model::Result<int> StubGateway::listen(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return system_error("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, where, size) != 0 || ::listen(socket, SOMAXCONN) != 0 ||
      ::getsockname(socket, where, &size) != 0 || !watch(socket)) {
    ::close(socket);
    return system_error("listen");
  }
  port = ntohs(address.sin_port);
  return socket;
}

bool StubGateway::watch(int socket) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) == 0;
}

StubAccount& StubGateway::add_account(std::int64_t id, std::string user) {
  auto& account = accounts_[id];
  account.id = id;
  for (auto& [known, other] : accounts_) {
    if (known == id || other.owner != &other || other.user != user) continue;
    ++other.siblings;
    account.owner = &other;
    account.token = other.token;
    account.user = std::move(user);
    return account;
  }
  account.owner = &account;
  // As long as a real token, so that requests have their real length; opaque, which the gateway allows.
  account.token = fmt::format("{:*<160}", fmt::format("bench-token-{}-", id));
  for (char& c : account.token) c = c == '*' ? 'x' : c;
  account.user = std::move(user);
  return account;
}

void StubGateway::turn(std::chrono::milliseconds wait) {
  std::array<epoll_event, events_per_turn> events; // NOLINT: filled by epoll_wait
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait.count()));
  for (int i = 0; i < count; ++i) {
    const int socket = events[static_cast<std::size_t>(i)].data.fd;
    if (socket == tls_listener_) {
      accept(socket, tls_.get());
    } else if (socket == plain_listener_) {
      accept(socket, nullptr);
    } else if (const auto found = peers_.find(socket); found != peers_.end()) {
      serve(found->second);
    }
  }
  if (count > 0) heard_at_ = protocol::monotonic_now();
}

void StubGateway::accept(int listener, SSL_CTX* tls) {
  const int socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket < 0) return;
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Peer peer;
  peer.link = std::make_unique<Link>(socket, tls);
  peer.accepted_at = protocol::monotonic_now();
  if (peers_.size() < connections_per_account * accounts_.size() && watch(socket)) {
    peers_.insert_or_assign(socket, std::move(peer));
  }
}

void StubGateway::serve(Peer& peer) {
  if (peer.stalled) return;
  if (!peer.link->receive() || !consume(peer)) drop(peer);
}

void StubGateway::drop(Peer& peer) {
  if (peer.account != nullptr && peer.account->stream == peer.link.get()) {
    peer.account->stream = nullptr;
    peer.account->ready = false;
  }
  if (peer.account != nullptr && peer.account->market == peer.link.get()) peer.account->market = nullptr;
  peers_.erase(peer.link->socket()); // `peer` is gone
}

bool StubGateway::cut(const StubAccount& account, Cut how) {
  auto* const stream = account.owner->stream;
  if (stream == nullptr) return false;
  auto& peer = peers_.at(stream->socket());
  if (how == Cut::stall) {
    peer.stalled = true;
    (void)::epoll_ctl(epoll_, EPOLL_CTL_DEL, stream->socket(), nullptr);
    peer.account->ready = false;
    return true;
  }
  const linger at_once{how == Cut::reset ? 1 : 0, 0};
  ::setsockopt(stream->socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  drop(peer);
  return true;
}

} // namespace bulkhead::bench
