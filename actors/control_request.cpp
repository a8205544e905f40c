#include "actors/control_request.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::actors {
namespace {

struct Text {
  const char* name;
  const std::string& value;
  std::size_t longest;
};

constexpr std::int64_t longest_block = 8760LL * 3600;              // seconds
constexpr std::int64_t largest_amount = 100'000'000LL * 1'000'000; // micro-dollars
constexpr std::uint32_t most_rows = 10'000;

bool is_clean_utf8(const std::string& text) {
  for (const unsigned char c : text) {
    if (c < 0x20 || c == 0x7F) return false;
  }
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) { // the library tells of bad UTF-8 this way only
    return false;
  }
}

/// A password may be any bytes; everything else is shown to people or compared with names.
std::string bad_text(const ControlRequest& m) {
  for (const auto& text :
       {Text{"request_id", m.request_id, 64}, Text{"token", m.token, 64}, Text{"contract", m.contract, 64},
        Text{"symbol", m.symbol, 16}, Text{"reason", m.reason, 200}, Text{"source", m.source, 64},
        Text{"rule", m.rule, 32}, Text{"pattern", m.pattern, 200}, Text{"level", m.level, 16}}) {
    if (text.value.size() > text.longest)
      return fmt::format("{} is longer than {} bytes", text.name, text.longest);
    if (!is_clean_utf8(text.value)) return fmt::format("{} is no plain text", text.name);
  }
  return m.secret.size() > 1024 ? "the password is longer than 1024 bytes" : "";
}

std::string bad_figure(const ControlRequest& m) {
  if (m.account_id < 0) return "account_id is negative";
  if (m.order_id < 0) return "order_id is negative";
  if (m.duration_seconds < 0 || m.duration_seconds > longest_block)
    return "the duration must be more than 0 and at most 8760 hours";
  if (m.limit > most_rows) return fmt::format("the limit must be at most {}", most_rows);
  if (m.amount_micros > largest_amount || m.amount_micros < -largest_amount)
    return "the amount is larger than 100,000,000";
  if (m.since_micros < 0) return "since lies before 1970";
  return "";
}

} // namespace

ControlReply refusal(const ControlRequest& request, const char* code, std::string message) {
  return {request.request_id, code, std::move(message), ""};
}

std::optional<ControlReply> malformed(const ControlRequest& request) {
  auto problem = bad_text(request);
  if (problem.empty()) problem = bad_figure(request);
  if (!problem.empty()) {
    const bool echoed = request.request_id.size() <= 64 && is_clean_utf8(request.request_id);
    return ControlReply{echoed ? request.request_id : "", codes::bad_request, std::move(problem), ""};
  }
  if (find_command(request.command) == nullptr)
    return refusal(request, codes::unknown_command, fmt::format("no command has number {}", request.command));
  return std::nullopt;
}

} // namespace bulkhead::actors
