#pragma once
// YAML text -> model::ConfigNode, every node with its file, line and key path. A file is input like any
// other: at most 1 MiB, 32 levels, 20,000 nodes (aliases counted as what they expand to) and 4 MiB of
// expanded text; beyond any of these the file is refused as a whole. Never throws on any input. Pure
// functions, any thread.

#include "model/config.hpp"
#include "model/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::cli {

struct YamlLimits {
  static constexpr std::size_t bytes = 1024 * 1024;
  static constexpr std::size_t depth = 32;
  static constexpr std::size_t nodes = 20'000;
  static constexpr std::size_t expanded_bytes = 4 * bytes;
  static constexpr std::size_t key_bytes = 128;
};

/// The tree of the one document in `text`; an empty text is a null node. Nothing when the text cannot be
/// used; `problems` then says why. A key that occurs twice is a problem too, but leaves a tree with its first
/// value, so that the rest of the file can still be checked.
[[nodiscard]] std::optional<model::ConfigNode> parse_yaml(std::string_view text, const std::string& file,
                                                          model::Problems& problems);

/// The same for a file; problems name it by `path.filename()`. A missing or unreadable file is a problem.
[[nodiscard]] std::optional<model::ConfigNode> read_yaml(const std::filesystem::path& path,
                                                         model::Problems& problems);

} // namespace bulkhead::cli
