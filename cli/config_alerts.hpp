#pragma once
// The `alerts:` section of risk_config.yaml: where people far away are told, and how near a limit may come
// before they are. Called by the configuration loader only.

#include "cli/config_accounts.hpp"

namespace bulkhead::cli {

/// The problems show no URL, which is a secret.
[[nodiscard]] model::AlertsConfig read_alerts(const model::ConfigNode& node, const SecretSource& source,
                                              model::Problems& problems);

} // namespace bulkhead::cli
