#include "cli/config_alerts.hpp"

#include "cli/config_reader.hpp"
#include "protocol/transport.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {

using model::ConfigNode;
using model::Problems;
using model::WebhookConfig;
using rules::Params;

namespace {

constexpr std::size_t most_webhooks = 8;

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

model::RoomLevels read_room(Params& params) {
  model::RoomLevels levels;
  for (const auto dollars : params.integers("dollars", {}, 1, 1'000'000))
    levels.dollars.push_back(model::Money::dollars(dollars));
  for (const auto minutes : params.integers("minutes", {}, 1, 24 * 60))
    levels.lengths.push_back(std::chrono::minutes{minutes});
  std::sort(levels.dollars.rbegin(), levels.dollars.rend());
  std::sort(levels.lengths.rbegin(), levels.lengths.rend());
  return levels;
}

} // namespace

model::AlertsConfig read_alerts(const ConfigNode& node, const SecretSource& source, Problems& problems) {
  model::AlertsConfig alerts;
  const std::size_t first = problems.size();
  Params params(node, problems);
  if (const ConfigNode* list = take_section(params, "webhooks")) {
    if (list->kind != ConfigNode::Kind::list || list->items.size() > most_webhooks) {
      add_error(problems, *list, fmt::format("must be a list of at most {} webhooks", most_webhooks));
    } else {
      for (const auto& item : list->items) alerts.webhooks.push_back(read_webhook(item, source, problems));
    }
  }
  params.section("room", [&](Params& room) { alerts.room = read_room(room); });
  params.finish();
  hide_secrets(problems, first); // a URL may stand under a misspelt key
  return alerts;
}

} // namespace bulkhead::cli
