#include "cli/config_accounts.hpp"
#include "cli/config_reader.hpp"
#include "protocol/transport.hpp"

#include <fmt/format.h>

namespace bulkhead::cli {

using model::ApiConfig;
using model::ConfigNode;
using model::Problems;
using rules::Params;
using Kind = ConfigNode::Kind;

namespace {

/// Sets `url` when the key is there and holds an endpoint this program would connect to.
bool read_url(Params& params, std::string_view key, std::string& url) {
  const std::string text = read_text(params, key, "", longest_url);
  if (text.empty()) return false;
  const auto endpoint = protocol::Endpoint::parse(text);
  if (!endpoint) params.complain(key, endpoint.error().message());
  if (endpoint) url = text;
  return true;
}

} // namespace

ApiConfig read_api_block(const ConfigNode& node, ApiConfig api, const SecretSource& source,
                         Problems& problems) {
  Params params(node, problems);
  const std::string inherited = api.base_url;
  (void)read_url(params, "base_url", api.base_url);
  for (const auto& [key, url] :
       {std::pair{"user_hub", &api.user_hub}, std::pair{"market_hub", &api.market_hub}})
    if (!read_url(params, key, *url) && api.base_url != inherited)
      add_missing(problems, node, key,
                  "is missing: another base_url needs its own hubs, or one gateway's token "
                  "would be sent to another's");
  if (const ConfigNode* ca = params.take("ca_file")) {
    const std::string text = params.text("ca_file", "");
    const auto path = source.directory / text;
    std::error_code failure;
    api.ca_file.reset();
    if (ca->kind == Kind::scalar && !std::filesystem::is_regular_file(path, failure))
      params.complain("ca_file", fmt::format("file {} does not exist", path.string()));
    if (ca->kind == Kind::scalar) api.ca_file = path.string();
  }
  params.finish();
  return api;
}

} // namespace bulkhead::cli
