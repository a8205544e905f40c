#pragma once
// Small blocking clients for a simulated gateway: one HTTP connection, one hub connection. Every operation is
// bounded by 30 s and throws std::runtime_error where a test cannot go on. One thread.

#include <deque>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::testing {

struct Reply {
  int status = 0;
  std::string body;
  std::string content_type;
  std::string retry_after;
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

class HttpClient {
public:
  /// Plain, or TLS with full verification of `host` against the CA in `ca_file`.
  explicit HttpClient(std::uint16_t port, const std::filesystem::path& ca_file = {},
                      std::string host = "localhost");
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Nothing when the connection ended without a reply; the next call opens a new one.
  std::optional<Reply> send(const std::string& method, const std::string& target,
                            const std::string& body = "");
  /// A POST that must be answered.
  Reply post(const std::string& target, const nlohmann::json& body);
  Reply get(const std::string& target);
  /// Logs in and uses the token from then on.
  void login(const std::string& user = "trader1", const std::string& key = "demo-key");
  void use_token(std::string token) { token_ = std::move(token); }
  [[nodiscard]] const std::string& token() const noexcept { return token_; }

private:
  struct Connection;
  std::uint16_t port_;
  std::filesystem::path ca_file_;
  std::string host_;
  std::string token_;
  std::unique_ptr<Connection> connection_;
};

class HubClient {
public:
  /// Upgrades; see status(). `target` is path and query.
  HubClient(std::uint16_t port, const std::string& target);
  ~HubClient();
  HubClient(const HubClient&) = delete;
  HubClient& operator=(const HubClient&) = delete;

  /// 101, or the status of the refusal.
  [[nodiscard]] int status() const noexcept { return status_; }
  void send(const nlohmann::json& record);
  void send_text(const std::string& text);
  /// The protocol handshake; its answer.
  nlohmann::json handshake();
  /// The next record; nothing when the connection is over.
  std::optional<nlohmann::json> next();
  /// The next invocation: target and arguments. Pings are skipped.
  nlohmann::json next_event();
  /// Invokes and returns the completion. What arrives before it is kept for next_event().
  nlohmann::json call(const std::string& method, const nlohmann::json& arguments);
  /// The targets of all events that were sent before this call.
  std::vector<std::string> targets_so_far();
  /// Websocket messages received.
  [[nodiscard]] std::size_t messages() const noexcept { return messages_; }

private:
  struct Socket;
  std::optional<nlohmann::json> read_record();
  std::unique_ptr<Socket> socket_;
  int status_ = 0;
  std::string tail_;
  std::deque<nlohmann::json> records_; // cut, not yet handed out
  std::deque<nlohmann::json> events_;  // passed over by call()
  std::size_t messages_ = 0;
  int calls_ = 0;
};

} // namespace bulkhead::testing
