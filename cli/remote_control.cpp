#include "cli/remote_control.hpp"

#include "actors/interfaces.hpp"
#include "actors/system_config.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace bulkhead::cli {
namespace {

using model::Errc;
using model::Error;
using namespace std::chrono_literals;

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

/// The middleman blocks without a limit when asked directly; asked by message it answers or the request times
/// out.
model::Result<actors::control_actor> connect(caf::actor_system& system, caf::scoped_actor& self,
                                             const Node& node) {
  model::Result<actors::control_actor> result = Error{Errc::unreachable, "nobody answers"};
  self->request(system.middleman().actor_handle(), 5s, caf::connect_atom_v, node.host, node.port)
      .receive(
          [&](const caf::node_id&, caf::strong_actor_ptr& peer, const std::set<std::string>& interface) {
            if (!peer || !system.assignable(interface, system.message_types<actors::control_actor>())) {
              result = Error{Errc::rejected, "the peer is no Bulkhead daemon of this version"};
            } else {
              result = caf::actor_cast<actors::control_actor>(std::move(peer));
            }
          },
          [&](caf::error& error) {
            result = Error{Errc::unreachable,
                           fmt::format("no daemon at {}:{} ({})", node.host, node.port, to_string(error))};
          });
  return result;
}

} // namespace

model::Result<actors::StatusReply> ask_status(const std::string& node_text,
                                              const actors::StatusRequest& request) {
  const auto node = parse_node(node_text);
  if (!node) return node.error();
  actors::SystemConfig config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto control = connect(system, self, *node);
  if (!control) return control.error();
  model::Result<actors::StatusReply> result = Error{Errc::timeout, "no answer"};
  self->request(*control, 5s, request)
      .receive([&](actors::StatusReply& reply) { result = std::move(reply); },
               [&](caf::error& error) {
                 result = Error{Errc::timeout,
                                fmt::format("the daemon did not answer in time ({})", to_string(error))};
               });
  return result;
}

std::string make_request_id() { return boost::uuids::to_string(boost::uuids::random_generator()()); }

} // namespace bulkhead::cli
