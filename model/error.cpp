#include "model/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::model {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
  case Errc::ok: return "ok";
  case Errc::malformed: return "malformed";
  case Errc::missing: return "missing";
  case Errc::out_of_range: return "out_of_range";
  case Errc::unknown_value: return "unknown_value";
  case Errc::not_found: return "not_found";
  case Errc::io: return "io";
  case Errc::corrupt: return "corrupt";
  case Errc::full: return "full";
  case Errc::timeout: return "timeout";
  case Errc::unreachable: return "unreachable";
  case Errc::unauthorized: return "unauthorized";
  case Errc::rejected: return "rejected";
  case Errc::rate_limited: return "rate_limited";
  case Errc::server_error: return "server_error";
  case Errc::busy: return "busy";
  case Errc::unsupported: return "unsupported";
  }
  return "unknown";
}

Error Error::with_context(std::string_view context) const {
  return {code_, fmt::format("{}: {}", context, message_)};
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw InvariantViolation(
      fmt::format("{}:{}: value() of a failed result: {}", where.file_name(), where.line(), error.message()));
}

void require(bool holds, std::string_view what, boost::source_location where) {
  if (!holds) throw InvariantViolation(fmt::format("{}:{}: {}", where.file_name(), where.line(), what));
}

bool has_errors(const Problems& problems) noexcept {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& p) { return p.severity == Problem::Severity::error; });
}

std::string to_string(const Problem& problem) {
  std::string out = problem.file;
  if (problem.line > 0) out += fmt::format(":{}", problem.line);
  if (!out.empty()) out += ": ";
  if (problem.severity == Problem::Severity::warning) out += "warning: ";
  if (!problem.path.empty()) out += problem.path;
  if (!problem.value.empty()) out += fmt::format(" = {}", problem.value);
  if (!problem.path.empty() || !problem.value.empty()) out += ": ";
  out += problem.message;
  if (!problem.suggestion.empty()) out += fmt::format(" (did you mean '{}'?)", problem.suggestion);
  return out;
}

} // namespace bulkhead::model
