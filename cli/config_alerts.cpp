#include "cli/config_alerts.hpp"

#include "cli/config_reader.hpp"
#include "protocol/transport.hpp"

#include <fmt/format.h>

namespace bulkhead::cli {

using model::ConfigNode;
using model::Problems;
using model::WebhookConfig;
using rules::Params;

namespace {

constexpr std::size_t most_webhooks = 8;
constexpr std::size_t longest_url = 2048;

WebhookConfig read_webhook(const ConfigNode& node, const SecretSource& source, Problems& problems) {
  WebhookConfig hook;
  Params params(node, problems);
  hook.format = params.one_of<WebhookConfig::Format>("format",
                                                     {{"json", WebhookConfig::Format::json},
                                                      {"discord", WebhookConfig::Format::discord},
                                                      {"telegram", WebhookConfig::Format::telegram}},
                                                     hook.format);
  hook.from = params.one_of<WebhookConfig::From>("severity",
                                                 {{"info", WebhookConfig::From::info},
                                                  {"warning", WebhookConfig::From::warning},
                                                  {"critical", WebhookConfig::From::critical}},
                                                 hook.from);
  hook.chat_id = read_text(params, "chat_id", "", 64);
  const auto complain = [&](std::string message) {
    add_file_problem(problems, model::Problem::Severity::error, node.file,
                     fmt::format("line {}, {}: {}", node.line, node.path, std::move(message)));
  };
  const auto url = resolve_secret(read_text(params, "url", "", longest_url), source);
  if (!url) {
    complain("url is missing or cannot be read: a URL, \"${VARIABLE}\" or \"file:path\"");
  } else if (!protocol::Endpoint::parse(url->reveal())) {
    complain("url must be https://host/path; http to this machine only");
  } else {
    hook.url = *url;
  }
  if (hook.format == WebhookConfig::Format::telegram && hook.chat_id.empty())
    complain("telegram needs a chat_id");
  params.finish();
  return hook;
}

} // namespace

std::vector<WebhookConfig> read_alerts(const ConfigNode& node, const SecretSource& source,
                                       Problems& problems) {
  std::vector<WebhookConfig> hooks;
  const std::size_t first = problems.size();
  Params params(node, problems);
  if (const ConfigNode* list = take_section(params, "webhooks")) {
    if (list->kind != ConfigNode::Kind::list || list->items.size() > most_webhooks) {
      add_error(problems, *list, fmt::format("must be a list of at most {} webhooks", most_webhooks));
    } else {
      for (const auto& item : list->items) hooks.push_back(read_webhook(item, source, problems));
    }
  }
  params.finish();
  hide_secrets(problems, first); // a URL may stand under a misspelt key
  return hooks;
}

} // namespace bulkhead::cli
