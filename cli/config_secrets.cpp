#include "cli/config_accounts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace bulkhead::cli {
namespace {

using model::Errc;
using model::Error;
using model::Result;
using model::Secret;

constexpr std::size_t longest_secret = 4096;
constexpr std::string_view file_prefix = "file:";

std::string trim(const std::string& text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

Result<Secret> accept(const std::string& raw, const std::string& from) {
  std::string value = trim(raw);
  if (value.empty()) return Error{Errc::missing, fmt::format("{} is empty", from)};
  // Goes into a JSON body and, should a gateway ask for it, a header: one line of visible characters.
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!plain || value.size() > longest_secret)
    return Error{Errc::malformed, fmt::format("{} is not one line of up to {} visible ASCII characters", from,
                                              longest_secret)};
  return Secret{std::move(value)};
}

bool is_variable_name(std::string_view name) {
  const auto word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), word) && (name[0] < '0' || name[0] > '9');
}

Result<Secret> from_environment(const std::string& written, const Environment& environment) {
  const bool whole = written.starts_with("${") && written.ends_with("}");
  const std::string name = whole ? written.substr(2, written.size() - 3) : "";
  // The text is not repeated here: half of it may be the key itself.
  if (!is_variable_name(name))
    return Error{Errc::malformed, "must be ${NAME} as a whole, NAME being letters, digits and underscores"};
  const auto value = environment(name);
  if (!value) return Error{Errc::missing, fmt::format("environment variable {} is not set", name)};
  return accept(*value, fmt::format("environment variable {}", name));
}

Result<Secret> from_file(const std::filesystem::path& path) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure))
    return Error{Errc::missing, fmt::format("file {} does not exist", path.string())};
  std::string text(longest_secret + 2, '\0'); // room for a line end, and one more byte to notice too much
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open() || (in.read(text.data(), static_cast<std::streamsize>(text.size())), in.bad()))
    return Error{Errc::io, fmt::format("file {} cannot be read", path.string())};
  text.resize(static_cast<std::size_t>(in.gcount()));
  return accept(text, fmt::format("file {}", path.string()));
}

} // namespace

Result<Secret> resolve_secret(const std::string& written, const SecretSource& source) {
  if (written.find("${") != std::string::npos) return from_environment(written, source.environment);
  if (written.starts_with(file_prefix))
    return from_file(source.directory / written.substr(file_prefix.size()));
  return accept(written, "the value");
}

} // namespace bulkhead::cli
