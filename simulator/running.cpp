#include "simulator/running.hpp"

#include "simulator/certificates.hpp"

#include <charconv>

namespace bulkhead::simulator {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr int unauthorized = 401;

model::Instant wall_clock() { return std::chrono::floor<model::Duration>(std::chrono::system_clock::now()); }

struct HubPath {
  HubKind kind = HubKind::user;
  bool negotiates = false;
};
std::optional<HubPath> hub_path(std::string_view path) {
  constexpr std::string_view negotiate = "/negotiate";
  HubPath out;
  if (path.size() > negotiate.size() && same_word(path.substr(path.size() - negotiate.size()), negotiate)) {
    out.negotiates = true;
    path.remove_suffix(negotiate.size());
  }
  if (same_word(path, protocol::projectx::user_hub_path)) return out;
  out.kind = HubKind::market;
  if (same_word(path, protocol::projectx::market_hub_path)) return out;
  return std::nullopt;
}

} // namespace

SimulatedGateway::Running::Running(const SimulatorOptions& options)
    : core(options, wall_clock), walk(options.seed) {
  core.on_release_later([this](std::chrono::milliseconds span) { release_after(span); });
}

SimulatedGateway::Running::~Running() {
  io.stop();
  if (thread_.joinable()) thread_.join();
}

model::Result<Server::TlsContext> SimulatedGateway::Running::tls_context() {
  const auto& options = core.options();
  if (!options.tls) return Server::TlsContext();
  const auto identity = make_server_identity();
  if (!identity) return identity.error();
  auto out = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code ec;
  out->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1,
                   ec);
  if (!ec) out->use_certificate_chain(asio::buffer(identity->certificate), ec);
  if (!ec) out->use_private_key(asio::buffer(identity->private_key), asio::ssl::context::pem, ec);
  if (ec) return model::Error{model::Errc::io, "TLS: " + ec.message()};
  if (options.ca_out.empty()) return out;
  const auto written = write_text(options.ca_out, identity->ca_certificate);
  if (!written) return written.error();
  return out;
}

model::Result<Ports> SimulatedGateway::Running::listen() {
  const auto& options = core.options();
  const auto tls = tls_context();
  if (!tls) return tls.error();
  const HttpService gateway{[this](const HttpCall& call) { return exchange(call); },
                            [this](const HttpCall& call) { return upgrade(call); }};
  const HttpService scripts{[this](const HttpCall& call) { return control.handle(call); }, {}};
  gateway_server_ = std::make_unique<Server>(io, gateway, *tls);
  control_server_ = std::make_unique<Server>(io, scripts, nullptr);
  const auto port = gateway_server_->listen(options.port);
  if (!port) return port.error();
  const auto control_port = control_server_->listen(options.control_port);
  if (!control_port) return control_port.error();
  Ports out{*port, *control_port, std::nullopt};
  if (options.tls && !options.ca_out.empty()) out.ca_file = options.ca_out;
  return out;
}

void SimulatedGateway::Running::run() {
  if (core.options().quotes_per_second > 0) walk_on();
  thread_ = std::thread([this] { io.run(); });
}

std::optional<std::string> SimulatedGateway::Running::user_of(const HttpCall& call) {
  const auto token = query_value(call.query, "access_token").value_or(call.bearer);
  return core.tokens().user_of(token, core.now());
}

Exchange SimulatedGateway::Running::exchange(const HttpCall& call) {
  const auto hub = hub_path(call.path);
  return hub && hub->negotiates ? negotiate(hub->kind, call) : rest.handle(call);
}

Exchange SimulatedGateway::Running::negotiate(HubKind kind, const HttpCall& call) {
  Exchange out;
  core.count_request(kind == HubKind::user ? "/hubs/user/negotiate" : "/hubs/market/negotiate");
  for (const auto& fault : core.faults().take(call.path, std::nullopt)) {
    if (fault.kind == FaultKind::delay || fault.kind == FaultKind::delay_request) out.delay += fault.duration;
    if (fault.kind == FaultKind::drop_before || fault.kind == FaultKind::drop_after) out.drop = true;
    if (fault.kind == FaultKind::status)
      out.answer = {fault.status, fault.body, "text/html", fault.retry_after};
  }
  if (out.drop || out.answer.status != 200) return out;
  if (!user_of(call)) {
    out.answer = {unauthorized, {}, {}, {}};
    return out;
  }
  int version = 0;
  const auto text = query_value(call.query, "negotiateVersion").value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), version);
  out.answer.body = core.hubs().negotiate(kind, version);
  return out;
}

boost::system::result<std::shared_ptr<HubConnection>, HttpAnswer>
SimulatedGateway::Running::upgrade(const HttpCall& call) {
  constexpr int not_found = 404;
  const auto hub = hub_path(call.path);
  if (!hub || hub->negotiates) return HttpAnswer{not_found, {}, {}, {}};
  core.count_request(hub->kind == HubKind::user ? "/hubs/user" : "/hubs/market");
  for (const auto& fault : core.faults().take(call.path, std::nullopt)) {
    if (fault.kind == FaultKind::status)
      return HttpAnswer{fault.status, fault.body, "text/html", fault.retry_after};
  }
  const auto user = user_of(call);
  if (!user) return HttpAnswer{unauthorized, {}, {}, {}};
  auto admitted = core.hubs().connect(hub->kind, *user, query_value(call.query, "id"));
  if (!admitted) return HttpAnswer{admitted.error(), {}, {}, {}};
  return *std::move(admitted);
}

void SimulatedGateway::Running::walk_on() {
  walk_timer_.expires_after(std::chrono::nanoseconds(std::chrono::seconds(1)) /
                            core.options().quotes_per_second);
  walk_timer_.async_wait([this](error_code ec) {
    if (ec) return;
    const auto contracts = core.book().contracts();
    for (const auto& listed : contracts) {
      const auto& id = listed.contract.id;
      if (!listed.contract.active) continue;
      auto next = walk.next(id, *core.book().quote(id), listed.contract.tick.size);
      const auto told = core.commit(core.book().set_quote(std::move(next), core.now()));
      model::require(told.has_value(), "a walking quote is a good quote");
    }
    walk_on();
  });
}

void SimulatedGateway::Running::release_after(std::chrono::milliseconds span) {
  release_timer_.expires_after(span);
  release_timer_.async_wait([this](error_code ec) {
    if (!ec) core.hubs().release();
  });
}

} // namespace bulkhead::simulator
