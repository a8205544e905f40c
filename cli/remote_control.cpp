#include "cli/remote_control.hpp"

#include "actors/interfaces.hpp"
#include "cli/exit_codes.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace bulkhead::cli {
namespace {

using model::Errc;
using model::Error;
using namespace std::chrono_literals;

constexpr auto connecting_takes_at_most = 5s;
constexpr auto daemon_answers_within = 30s; // reloading a configuration takes its time

struct Node {
  std::string host;
  std::uint16_t port = 0;
};

model::Result<Node> parse_node(const std::string& text) {
  const auto colon = text.rfind(':');
  Node node;
  if (colon != std::string::npos && colon > 0) {
    node.host = text.substr(0, colon);
    const char* const last = text.data() + text.size();
    const auto [end, ec] = std::from_chars(text.data() + colon + 1, last, node.port);
    if (ec == std::errc{} && end == last && node.port != 0) return node;
  }
  return Error{Errc::malformed, fmt::format("'{}' is not HOST:PORT", text)};
}

Error why_not(const caf::error& error, const Node& node) {
  if (error == caf::sec::disconnect_during_handshake) {
    return {Errc::unauthorized,
            fmt::format(
                "the daemon at {}:{} refuses this client: its certificate is of another daemon, or has ended",
                node.host, node.port)};
  }
  if (error == caf::sec::incompatible_application_ids || error == caf::sec::incompatible_versions)
    return {Errc::unsupported,
            fmt::format("{}:{} is no Bulkhead daemon of this version", node.host, node.port)};
  return {Errc::unreachable, fmt::format("no daemon at {}:{} ({})", node.host, node.port, to_string(error))};
}

/// The manager blocks without a limit when asked directly; asked by message it answers or the request times
/// out.
model::Result<actors::control_actor> reach(caf::actor_system& system, const Node& node) {
  caf::scoped_actor self{system};
  model::Result<actors::control_actor> result = Error{Errc::unreachable, "nobody answers"};
  self->request(system.openssl_manager().actor_handle(), connecting_takes_at_most, caf::connect_atom::value,
                node.host, node.port)
      .receive(
          [&](const caf::node_id&, caf::strong_actor_ptr& peer, const std::set<std::string>& interface) {
            if (!peer || !system.assignable(interface, system.message_types<actors::control_actor>()))
              result = Error{Errc::unsupported, "the peer is no Bulkhead daemon of this version"};
            else
              result = caf::actor_cast<actors::control_actor>(std::move(peer));
          },
          [&](caf::error& error) { result = why_not(error, node); });
  return result;
}

template <class Reply, class Request>
model::Result<Reply> ask_within(caf::actor_system& system, const actors::control_actor& daemon,
                                const Request& request) {
  caf::scoped_actor self{system};
  model::Result<Reply> result = Error{Errc::timeout, "no answer"};
  self->request(daemon, daemon_answers_within, request)
      .receive([&](Reply& reply) { result = std::move(reply); },
               [&](caf::error& error) {
                 result = Error{Errc::timeout,
                                fmt::format("the daemon did not answer in time ({})", to_string(error))};
               });
  return result;
}

} // namespace

ClientConfig::ClientConfig(const actors::TlsFiles& keys) : SystemConfig(std::nullopt, keys) {
  set("middleman.heartbeat-interval", caf::timespan{connecting_takes_at_most + 1s});
}

model::Result<std::unique_ptr<Remote>> Remote::connect(const NodeOptions& options) {
  const auto node = parse_node(options.node);
  if (!node) return node.error();
  const auto keys = actors::client_files(options.data_dir);
  const auto now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
  if (const auto good = actors::verify_keys(keys, now); !good) {
    const bool missing = good.error().code() == Errc::not_found;
    return Error{
        missing ? Errc::not_found : Errc::rejected,
        fmt::format("{}; --data names the directory with control/client.pem, `bulkhead init` makes it",
                    good.error().message())};
  }
  std::unique_ptr<Remote> remote(new Remote(keys));
  auto daemon = reach(remote->system_, *node);
  if (!daemon) return daemon.error();
  remote->daemon_ = std::move(*daemon);
  return remote;
}

model::Result<actors::StatusReply> Remote::status(const actors::StatusRequest& request) {
  return ask_within<actors::StatusReply>(system_, daemon_, request);
}

model::Result<actors::ControlReply> Remote::ask(const actors::ControlRequest& request) {
  return ask_within<actors::ControlReply>(system_, daemon_, request);
}

int exit_code_of(const model::Error& error) {
  const auto code = error.code();
  if (code == Errc::malformed) return exit_usage;
  const bool no_certificate = code == Errc::not_found || code == Errc::rejected || code == Errc::unauthorized;
  return no_certificate ? exit_unauthorized : exit_unreachable;
}

const char* code_of(const model::Error& error) {
  const int exit = exit_code_of(error);
  if (exit == exit_usage) return actors::codes::bad_request;
  return exit == exit_unauthorized ? actors::codes::unauthorized : "NOT_REACHABLE";
}

std::string make_request_id() { return boost::uuids::to_string(boost::uuids::random_generator()()); }

} // namespace bulkhead::cli
