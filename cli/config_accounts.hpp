#pragma once
// accounts.yaml: which accounts are watched, with which credential, at which gateway. Secrets may stand in
// the file, in the environment ("${VAR}") or in a file of their own ("file:/run/credentials/key"); their
// values never enter a problem. Called by the configuration loader only.

#include "model/config.hpp"
#include "model/error.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::cli {

/// Looks up an environment variable; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Where secrets and certificates come from. Relative paths stand under `directory`.
struct SecretSource {
  std::filesystem::path directory;
  Environment environment;
};

/// What `written` stands for. Errors: missing (nothing there), malformed, io. No error shows the secret.
[[nodiscard]] model::Result<model::Secret> resolve_secret(const std::string& written,
                                                          const SecretSource& source);

/// An `api:` block over what it inherits: the defaults, or for an account's own block the file's.
[[nodiscard]] model::ApiConfig read_api_block(const model::ConfigNode& node, model::ApiConfig api,
                                              const SecretSource& source, model::Problems& problems);

/// Every account of the file, as far as it can be read; each problem hides what may be secret.
[[nodiscard]] std::vector<model::AccountConfig>
read_accounts(const model::ConfigNode& root, const SecretSource& source, model::Problems& problems);

} // namespace bulkhead::cli
