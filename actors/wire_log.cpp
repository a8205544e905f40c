#include "actors/wire_log.hpp"

#include "actors/text.hpp"

#include <fmt/format.h>
#include <re2/re2.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

namespace bulkhead::actors {
namespace {

using protocol::HttpRequest;
using protocol::LaneId;
using protocol::RestTransport;
using protocol::WebsocketTransport;

constexpr std::size_t longest_entry = 16 * 1024;
constexpr std::size_t most_lines_waiting = 8192;

class LoggedRest final : public RestTransport {
public:
  LoggedRest(std::unique_ptr<RestTransport> inner, WireLog log)
      : inner_(std::move(inner)), log_(std::move(log)) {}

  void send(HttpRequest request, OnReply on_reply) override {
    const auto what = fmt::format("{} {} lane={}", request.method, request.target, request.lane.value);
    const auto body = request.body;
    inner_->send(std::move(request), [log = log_, what, on_reply = std::move(on_reply)](Outcome outcome) {
      if (outcome)
        log(fmt::format("< {} {}", outcome->status, what), outcome->body);
      else
        log("! " + what, outcome.error().error.message());
      on_reply(std::move(outcome));
    });
    log_("> " + what, body); // a close does not wait for its record
  }
  void set_lane_width(LaneId lane, std::size_t connections) override {
    inner_->set_lane_width(lane, connections);
  }
  [[nodiscard]] std::size_t warm_connections(LaneId lane) const override {
    return inner_->warm_connections(lane);
  }
  void close() override { inner_->close(); }

private:
  std::unique_ptr<RestTransport> inner_;
  WireLog log_;
};

class LoggedSocket final : public WebsocketTransport {
public:
  LoggedSocket(std::shared_ptr<WebsocketTransport> inner, const char* hub, WireLog log)
      : inner_(std::move(inner)), hub_(hub), log_(std::move(log)) {}

  void open(const protocol::Endpoint& where, std::string target, Handlers handlers) override {
    log_("> open " + hub_, target);
    Handlers wrapped;
    wrapped.on_open = [log = log_, hub = hub_, inner = std::move(handlers.on_open)] {
      log("< open " + hub, "");
      inner();
    };
    wrapped.on_message = [log = log_, hub = hub_, inner = std::move(handlers.on_message)](
                             std::string_view bytes, protocol::MonotonicNanos received) {
      inner(bytes, received);
      log("< " + hub, bytes);
    };
    wrapped.on_closed = [log = log_, hub = hub_,
                         inner = std::move(handlers.on_closed)](const model::Error& why) {
      log("! closed " + hub, why.message());
      inner(why);
    };
    inner_->open(where, std::move(target), std::move(wrapped));
  }
  void send(std::string text) override {
    inner_->send(text);
    log_("> " + hub_, text);
  }
  void close() override { inner_->close(); }

private:
  std::shared_ptr<WebsocketTransport> inner_;
  std::string hub_;
  WireLog log_;
};

} // namespace

std::string without_secrets(std::string_view text) {
  static const RE2 in_json(R"re(("(?i:apiKey|token|newToken|password|secret)"\s*:\s*")[^"]*)re");
  static const RE2 in_query(R"re(((?i:access_token)=)[^&\s"]*)re");
  std::string out(text.substr(0, longest_entry));
  RE2::GlobalReplace(&out, in_json, R"(\1***)");
  RE2::GlobalReplace(&out, in_query, R"(\1***)");
  return out;
}

model::Result<WireLog> make_wire_log(const model::LoggingConfig& config,
                                     const std::filesystem::path& data_dir) {
  if (config.wire_file.empty()) return WireLog{};
  // spdlog reports files it cannot open by exception only.
  try {
    constexpr std::size_t megabyte = 1024 * 1024;
    const auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        (data_dir / config.wire_file).string(), static_cast<std::size_t>(config.max_size_mb) * megabyte,
        static_cast<std::size_t>(config.backup_count));
    const auto thread = std::make_shared<spdlog::details::thread_pool>(most_lines_waiting, 1U);
    const auto logger = std::make_shared<spdlog::async_logger>("wire", sink, thread,
                                                               spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::info);
    return WireLog{[logger, thread](std::string_view what, std::string_view text) {
      logger->info("{} {}", without_secrets(what), escaped(without_secrets(text), longest_entry));
    }};
  } catch (const spdlog::spdlog_ex& failure) {
    return model::Error{model::Errc::io, fmt::format("cannot open the wire log: {}", failure.what())};
  }
}

std::unique_ptr<RestTransport> logged(std::unique_ptr<RestTransport> transport, WireLog log) {
  if (!log) return transport;
  return std::make_unique<LoggedRest>(std::move(transport), std::move(log));
}

std::shared_ptr<WebsocketTransport> logged(std::shared_ptr<WebsocketTransport> transport, const char* hub,
                                           WireLog log) {
  if (!log) return transport;
  return std::make_shared<LoggedSocket>(std::move(transport), hub, std::move(log));
}

} // namespace bulkhead::actors
