#pragma once
// The `alerts:` section of risk_config.yaml: where people far away are told. Called by the configuration
// loader only.

#include "cli/config_accounts.hpp"

namespace bulkhead::cli {

/// Every webhook of the section; the problems show no URL, which is a secret.
[[nodiscard]] std::vector<model::WebhookConfig>
read_alerts(const model::ConfigNode& node, const SecretSource& source, model::Problems& problems);

} // namespace bulkhead::cli
