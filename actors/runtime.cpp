#include "actors/runtime.hpp"

#include "actors/runtime_parts.hpp"
#include "actors/tls_guard.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

constexpr auto status_answers_within = std::chrono::seconds{3};
constexpr auto unpublishing_takes_at_most = std::chrono::milliseconds{400};
constexpr auto goodbye_takes_at_most = std::chrono::milliseconds{1500};

struct CallbackState {
  static inline const char* name = "subscriber";
};

subscriber_actor::behavior_type callback_subscriber(subscriber_actor::stateful_pointer<CallbackState>,
                                                    std::function<void(const Activity&)> on_activity) {
  return {[=](const Activity& activity) { on_activity(activity); }};
}

} // namespace

Runtime::Runtime(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Runtime::~Runtime() { stop(); }

model::Result<std::unique_ptr<Runtime>> Runtime::start(RuntimeOptions options) {
  if (!tls_guard_active())
    return model::Error{model::Errc::unsupported, "this build does not guard OpenSSL's error queue"};
  const auto now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
  const auto made = ensure_control_keys(options.data_dir, now);
  if (!made) return made.error().with_context("control port");
  if (*made) options.logs.daemon(model::Alert::Severity::info, "control-keys-made");
  auto parts = std::make_unique<Parts>(std::move(options));
  if (auto opened = parts->open_storage(); !opened) return opened.error();
  auto wire_log = make_wire_log(parts->options.config.logging, parts->options.data_dir);
  if (!wire_log) return wire_log.error();
  parts->wire_log = std::move(*wire_log);
  if (auto connected = parts->make_ports(parts->options.config); !connected) return connected.error();
  if (auto verified = verify_settings(parts->system, parts->options.scheduler); !verified)
    return verified.error();
  auto first = std::make_shared<Reload>(parts->reloader.start(parts->options.config, parts->clock->now()));
  parts->supervisor = parts->system.spawn(supervisor, parts->supervisor_deps(first->rules));
  if (auto told = parts->add_webhooks(); !told) return told.error();
  caf::anon_send(parts->supervisor, UseConfig{std::move(first)}); // webhooks hear of it
  parts->spawn_helpers();
  parts->spawn_rehearsal();
  std::unique_ptr<Runtime> runtime(new Runtime(std::move(parts)));
  if (auto published = runtime->parts_->publish(); !published) return published.error();
  return runtime;
}

std::uint16_t Runtime::control_port() const noexcept { return parts_->control_port; }

model::Result<void> Runtime::use_config(const model::Config& loaded) {
  if (auto connected = parts_->make_ports(loaded); !connected) return connected.error();
  auto reload = std::make_shared<Reload>(parts_->reloader.take(loaded, parts_->clock->now()));
  reload->ports = parts_->ports;
  caf::anon_send(parts_->supervisor, UseConfig{std::move(reload)});
  return {};
}

void Runtime::subscribe(std::function<void(const Activity&)> on_activity) {
  auto subscriber = parts_->system.spawn(callback_subscriber, std::move(on_activity));
  parts_->subscribers.push_back(subscriber);
  caf::anon_send(parts_->supervisor, Subscribe{subscriber});
}

model::Result<StatusReply> Runtime::status() {
  caf::scoped_actor self{parts_->system};
  model::Result<StatusReply> result = model::Error{model::Errc::timeout, "no answer from the daemon"};
  self->request(parts_->supervisor, status_answers_within, StatusRequest{})
      .receive([&](StatusReply& reply) { result = std::move(reply); },
               [&](caf::error& error) {
                 result = model::Error{model::Errc::timeout, to_string(error)};
               });
  return result;
}

void Runtime::stop() {
  if (!parts_ || parts_->stopped) return;
  parts_->stopped = true;
  parts_->relay.reset();
  {
    caf::scoped_actor self{parts_->system};
    if (parts_->front) {
      self->request(parts_->front, unpublishing_takes_at_most, ShutDown{})
          .receive([](bool) {}, [](caf::error&) {});
      self->send_exit(parts_->front, caf::exit_reason::kill);
    }
    self->request(parts_->supervisor, goodbye_takes_at_most, ShutDown{})
        .receive([](bool) {}, [](caf::error&) {});
    for (const auto& subscriber : parts_->subscribers)
      self->send_exit(subscriber, caf::exit_reason::user_shutdown);
    for (const auto& helper : parts_->helpers) self->send_exit(helper, caf::exit_reason::user_shutdown);
    self->send_exit(parts_->supervisor, caf::exit_reason::user_shutdown);
  }
  parts_->subscribers.clear();
  parts_->helpers.clear();
  parts_->front = nullptr;
  parts_->behind_front = {};
  parts_->supervisor = nullptr;
  // Sockets next: their callbacks hold actor handles, and the actor system waits for every handle.
  parts_->close_sockets();
}

} // namespace bulkhead::actors
