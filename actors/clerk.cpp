#include "actors/clerk.hpp"

#include "actors/control_views.hpp"

#include <algorithm>
#include <array>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fstream>
#include <optional>
#include <re2/re2.h>

namespace bulkhead::actors {
namespace {

using nlohmann::json;

constexpr std::streamoff most_read = 16 * 1024 * 1024;
constexpr std::size_t most_answered = 1024 * 1024;
constexpr std::uint32_t usual_lines = 100;
constexpr std::int64_t regex_memory = 1024 * 1024;

// As the log writes them, in rising order, with the names that are asked for.
struct Level {
  std::string_view asked;
  std::string_view written;
};
constexpr std::array<Level, 4> levels = {
    {{"INFO", "info"}, {"WARNING", "warning"}, {"ERROR", "error"}, {"CRITICAL", "critical"}}};

std::optional<std::size_t> level_asked(const std::string& name) {
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (levels[i].asked == name) return i;
  return std::nullopt;
}

/// `2026-07-15T18:00:00.000Z warning  text`, or `{"time":"...","level":"warning",...`; a line without a level
/// belongs to the one before and is kept.
std::size_t level_of(std::string_view line) {
  constexpr std::string_view in_json = R"(,"level":")";
  const bool json = line.starts_with('{');
  const auto begin = json ? line.find(in_json) : line.find(' ');
  if (begin == std::string_view::npos) return levels.size();
  const auto rest = line.substr(begin + (json ? in_json.size() : 1));
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (rest.substr(0, levels[i].written.size()) == levels[i].written) return i;
  return levels.size();
}

/// Whether "account=ID" stands in the line, and no longer number.
bool is_about(std::string_view line, const std::string& account) {
  const auto at = line.find(account);
  if (at == std::string_view::npos) return false;
  const auto behind = at + account.size();
  return behind == line.size() || line[behind] < '0' || line[behind] > '9';
}

std::string end_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const auto size = static_cast<std::streamoff>(in.tellg());
  const auto from = std::max<std::streamoff>(0, size - most_read);
  std::string text(static_cast<std::size_t>(size - from), '\0');
  in.seekg(from);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  if (from > 0) text.erase(0, text.find('\n') + 1);
  return text;
}

} // namespace

ControlReply read_log(const std::filesystem::path& file, const ControlRequest& request) {
  const auto least = level_asked(request.level.empty() ? "INFO" : request.level);
  if (!least)
    return refusal(request, codes::bad_request, "the level is one of INFO, WARNING, ERROR, CRITICAL");
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(regex_memory);
  const RE2 pattern(request.pattern, options); // runs in linear time, whatever is asked
  if (!pattern.ok()) return refusal(request, codes::bad_request, "the pattern: " + pattern.error());
  const std::size_t wanted = request.limit == 0 ? usual_lines : request.limit;
  const std::string account = "account=" + std::to_string(request.account_id);
  const std::string text = end_of(file);
  std::vector<std::string> lines; // newest first
  std::size_t answered = 0;
  for (std::string_view rest = text; !rest.empty() && lines.size() < wanted && answered < most_answered;) {
    if (rest.back() == '\n') rest.remove_suffix(1);
    const auto begin = rest.rfind('\n');
    const auto line = begin == std::string_view::npos ? rest : rest.substr(begin + 1);
    rest = begin == std::string_view::npos ? std::string_view{} : rest.substr(0, begin + 1);
    if (line.empty() || level_of(line) < *least) continue;
    if (request.account_id != 0 && !is_about(line, account)) continue;
    if (!request.pattern.empty() && !RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), pattern))
      continue;
    lines.emplace_back(line);
    answered += line.size();
  }
  std::reverse(lines.begin(), lines.end());
  const auto count = lines.size();
  return {request.request_id, "", "", json_text({{"logs", std::move(lines)}, {"count", count}})};
}

clerk_actor::behavior_type clerk(clerk_actor::stateful_pointer<ClerkState>, ClerkDeps deps) {
  return {[deps = std::move(deps)](const ControlRequest& m) {
    if (static_cast<Command>(m.command) == Command::logs) return read_log(deps.log_file, m);
    if (deps.config) return deps.config(m);
    return refusal(m, codes::not_ready, "this daemon's configuration is made up on the spot");
  }};
}

} // namespace bulkhead::actors
