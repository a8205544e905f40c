#pragma once
// The configuration after loading: typed, complete and immutable. Made by cli/config_loader from YAML; rule
// blocks stay trees until the rule that owns them reads its own settings (rules/params). Nothing here knows
// YAML.

#include "model/contract.hpp"
#include "model/ids.hpp"
#include "model/news_calendar.hpp"
#include "model/trading_calendar.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::model {

/// A piece of a configuration file with its place, so that any problem can name file, line, key path and
/// value.
struct ConfigNode {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string scalar;
  std::vector<ConfigNode> items;                           // of a list
  std::vector<std::pair<std::string, ConfigNode>> entries; // of a map, in file order
  std::string file;
  int line = 0;
  std::string path; // "rules.max_contracts.limit"

  [[nodiscard]] const ConfigNode* find(std::string_view key) const;

  // Defined where the type is complete: clang 14 cannot form them inside a type that holds pairs of itself.
  ConfigNode();
  ConfigNode(const ConfigNode&);
  ConfigNode(ConfigNode&&) noexcept;
  ConfigNode& operator=(const ConfigNode&);
  ConfigNode& operator=(ConfigNode&&) noexcept;
  ~ConfigNode();
};

/// A value that must never be printed: no formatter, no comparison operator that would show it in a test
/// failure.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

private:
  std::string value_;
};

struct ApiConfig {
  std::string base_url = "https://api.topstepx.com";
  std::string user_hub = "https://rtc.topstepx.com/hubs/user";
  std::string market_hub = "https://rtc.topstepx.com/hubs/market";
  std::optional<std::string>
      ca_file; // PEM bundle used instead of the system's; host names are still verified
  friend bool operator==(const ApiConfig&, const ApiConfig&) = default;
};

struct AccountConfig {
  AccountId id;
  std::string username;
  Secret api_key;
  bool enabled = true;
  std::string nickname;
  ApiConfig api;
  std::optional<std::string> profile;
  std::optional<std::string> group;

  /// Accounts with the same credential share one connection.
  [[nodiscard]] CredentialId credential() const { return CredentialId{username + "@" + api.base_url}; }
};

/// One block of one rule. A rule key with a list of mappings gives several, instance 1, 2, ...; a single
/// mapping has instance 0.
struct RuleBlock {
  std::string key; // "max_contracts"
  std::uint16_t instance = 0;
  ConfigNode settings;
};

/// What a firm prescribes for one kind of account. Its blocks hold what the rule blocks of such an account
/// leave out; they switch nothing on.
struct FirmProfile {
  std::string name;  // "topstep_50k_combine": the file's name
  std::string title; // for people
  std::string as_of; // when the figures were looked up
  std::string source;
  std::vector<RuleBlock> rules;
};

enum class AdminUnlock { allowed, not_for_hard };

struct GlobalConfig {
  bool strict_mode = false;
  AdminUnlock admin_unlock = AdminUnlock::allowed;
  bool deny_loosening_while_open = true;
  bool flatten_on_shutdown = false;
};

struct LoggingConfig {
  std::string level = "INFO";
  std::string file = "logs/daemon.log"; // relative paths stand under the data directory
  std::string enforcement_file = "logs/enforcement.log";
  std::string wire_file; // every frame, request and reply; empty: off
  bool json = false;     // the daemon's log as one JSON object a line
  int max_size_mb = 100;
  int backup_count = 10;
};

struct PersistenceConfig {
  std::string database_path = "state";
  int snapshot_interval_seconds = 5;
  int journal_retention_days = 90; // 0 keeps all
};

struct ControlConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4750; // 0: the system picks one
};

/// Where people far away are told of what happens.
struct WebhookConfig {
  enum class Format { json, discord, telegram };
  enum class From { info, warning, critical };
  Secret url; // with whatever makes it one's own
  Format format = Format::json;
  std::string chat_id; // telegram only
  From from = From::warning;
};

/// How near a loss limit may come before people are told: in dollars, and in the time that the market of the
/// last minutes would need for the rest.
struct RoomLevels {
  std::vector<Money> dollars;    // widest first
  std::vector<Duration> lengths; // longest first
  [[nodiscard]] bool empty() const noexcept { return dollars.empty() && lengths.empty(); }
};

struct AlertsConfig {
  std::vector<WebhookConfig> webhooks;
  RoomLevels room;
};

struct Config {
  std::vector<AccountConfig> accounts;
  GlobalConfig global;
  ResetSchedule reset = *ResetSchedule::make(TimeOfDay{17 * 60}, "America/Chicago");
  HolidayCalendar holidays;
  std::vector<RuleBlock> rules; // enabled or not, in file order
  RootTable roots = RootTable::standard();
  LoggingConfig logging;
  PersistenceConfig persistence;
  ControlConfig control;
  AlertsConfig alerts;
  std::vector<FirmProfile> profiles; // those that accounts name
  NewsCalendar news;

  [[nodiscard]] const FirmProfile* profile_of(const AccountConfig& account) const;
};

} // namespace bulkhead::model
