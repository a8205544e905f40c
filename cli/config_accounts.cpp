#include "cli/config_accounts.hpp"
#include "cli/config_reader.hpp"

#include <fmt/format.h>
#include <limits>
#include <map>

namespace bulkhead::cli {
namespace {

using model::AccountConfig;
using model::ApiConfig;
using model::ConfigNode;
using model::Problem;
using model::Problems;
using rules::Params;
using Kind = ConfigNode::Kind;

constexpr std::size_t longest_name = 64;

model::Secret read_key(Params& params, bool enabled, const SecretSource& source, Problems& problems) {
  const ConfigNode* node = params.take("api_key");
  if (node == nullptr || node->kind == Kind::null) {
    add_missing(problems, params.block(), "api_key", "is missing");
    return {};
  }
  if (node->kind != Kind::scalar) {
    add_error(problems, *node, "must be a single value");
    return {};
  }
  auto secret = resolve_secret(node->scalar, source);
  if (secret) return *secret;
  // An account that is not watched needs no key yet.
  const auto add = enabled ? add_error : add_warning;
  add(problems, *node, secret.error().message());
  return {};
}

std::string read_username(Params& params, Problems& problems) {
  std::string name = read_text(params, "username", "", 256);
  const ConfigNode* node = params.take("username");
  if (node == nullptr || node->kind == Kind::null)
    add_missing(problems, params.block(), "username", "is missing");
  return name;
}

model::AccountId read_id(Params& params, Problems& problems) {
  const ConfigNode* node = params.take("account_id");
  if (node == nullptr || node->kind == Kind::null) {
    add_missing(problems, params.block(), "account_id", "is missing");
    return {};
  }
  return model::AccountId{params.integer_of(*node, 1, std::numeric_limits<std::int64_t>::max()).value_or(0)};
}

std::optional<std::string> read_optional(Params& params, std::string_view key) {
  std::string text = read_text(params, key, "", longest_name);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

AccountConfig read_account(const ConfigNode& node, const ApiConfig& api, const SecretSource& source,
                           Problems& problems) {
  Params params(node, problems);
  AccountConfig account;
  if (node.kind != Kind::map) return account;
  account.id = read_id(params, problems);
  account.username = read_username(params, problems);
  account.enabled = params.boolean("enabled", true);
  account.api_key = read_key(params, account.enabled, source, problems);
  account.nickname = read_text(params, "nickname", "", longest_name, 0);
  account.profile = read_optional(params, "profile");
  account.group = read_optional(params, "group");
  const ConfigNode* own = take_section(params, "api");
  account.api = own == nullptr ? api : read_api_block(*own, api, source, problems);
  params.finish();
  return account;
}

/// The form for one account: the credential under `topstepx`, the account under `monitored_account`.
AccountConfig read_single(const ConfigNode& credential, const ConfigNode& monitored, const ApiConfig& api,
                          const SecretSource& source, Problems& problems) {
  AccountConfig account;
  account.api = api;
  Params who(credential, problems);
  if (credential.kind == Kind::map) {
    account.username = read_username(who, problems);
    account.api_key = read_key(who, true, source, problems);
    who.finish();
  }
  Params what(monitored, problems);
  if (monitored.kind == Kind::map) {
    account.id = read_id(what, problems);
    account.nickname = read_text(what, "account_name", "", longest_name, 0);
    what.finish();
  }
  return account;
}

/// Accounts that would share a connection must agree on it. `nodes`: where each account stands.
void check_together(const std::vector<AccountConfig>& accounts, const std::vector<const ConfigNode*>& nodes,
                    Problems& problems) {
  std::map<model::AccountId, const ConfigNode*> ids;
  std::map<model::CredentialId, std::size_t> credentials;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const AccountConfig& account = accounts[i];
    const ConfigNode* id = nodes[i]->find("account_id");
    if (account.id.value > 0 && id != nullptr) {
      const auto [first, is_new] = ids.emplace(account.id, id);
      if (!is_new)
        add_error(problems, *id, fmt::format("is also the account of line {}", first->second->line));
    }
    if (account.username.empty() || account.api_key.empty()) continue;
    const auto same = credentials.emplace(account.credential(), i).first;
    const AccountConfig& other = accounts[same->second];
    const auto differ = [&](std::string_view what) {
      add_error(problems, *nodes[i],
                fmt::format("has the user and base_url of the account of line {}, but another {}",
                            nodes[same->second]->line, what));
    };
    if (account.api_key.reveal() != other.api_key.reveal()) differ("api_key");
    if (account.api != other.api) differ("hub or ca_file");
  }
}

} // namespace

std::vector<AccountConfig> read_accounts(const ConfigNode& root, const SecretSource& source,
                                         Problems& problems) {
  const std::size_t first = problems.size();
  std::vector<AccountConfig> accounts;
  std::vector<const ConfigNode*> nodes; // one per account: where its account_id stands
  ConfigNode empty;                     // stands for a file without content
  empty.kind = Kind::map;
  empty.file = root.file;
  Params params(root.kind == Kind::null ? empty : root, problems);
  const ConfigNode* global = take_section(params, "api");
  const ApiConfig api =
      global == nullptr ? ApiConfig{} : read_api_block(*global, ApiConfig{}, source, problems);
  if (const ConfigNode* list = take_section(params, "accounts")) {
    if (list->kind != Kind::list) add_error(problems, *list, "must be a list of accounts");
    for (const auto& node : list->items) {
      accounts.push_back(read_account(node, api, source, problems));
      nodes.push_back(&node);
    }
  }
  const ConfigNode* credential = take_section(params, "topstepx");
  const ConfigNode* monitored = take_section(params, "monitored_account");
  if (credential != nullptr && monitored != nullptr) {
    accounts.push_back(read_single(*credential, *monitored, api, source, problems));
    nodes.push_back(monitored);
  } else if (credential != nullptr || monitored != nullptr) {
    add_missing(problems, root, credential == nullptr ? "topstepx" : "monitored_account",
                "is missing: topstepx and monitored_account belong together");
  }
  params.finish();
  if (accounts.empty()) add_missing(problems, root, "accounts", "must name at least one account");
  check_together(accounts, nodes, problems);
  hide_secrets(problems, first);
  return accounts;
}

} // namespace bulkhead::cli
