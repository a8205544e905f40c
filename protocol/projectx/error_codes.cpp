#include "protocol/projectx/error_codes.hpp"

#include "protocol/projectx/envelope.hpp"

#include <algorithm>
#include <cctype>

namespace bulkhead::protocol::projectx {
namespace {

using enum Answer;

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// A closed market hides behind the codes of a refused order.
Answer refine(Endpoint endpoint, Answer answer, const std::optional<std::string>& message) {
  if (answer != rejected) return answer;
  if (!message) return endpoint == Endpoint::position_partial_close ? market_closed : rejected;
  return contains_ignoring_case(*message, "not in an active trading status") ? market_closed : rejected;
}

std::optional<Answer> answer_of_status(int status) {
  if (status >= 200 && status <= 299) return std::nullopt;
  if (status == 401) return unauthorized;
  if (status == 429) return rate_limited;
  return status == 408 || (status >= 500 && status <= 599) ? transient : fatal;
}

} // namespace

std::string_view to_string(Answer answer) noexcept {
  switch (answer) {
  case accepted: return "accepted";
  case not_found: return "not found";
  case pending: return "pending";
  case market_closed: return "market closed";
  case account_refused: return "account refused";
  case invalid_size: return "invalid size";
  case rejected: return "rejected";
  case unknown_error: return "unknown error";
  case unauthorized: return "unauthorized";
  case rate_limited: return "rate limited";
  case transient: return "transient failure";
  case fatal: return "fatal";
  case malformed: return "malformed answer";
  }
  return "";
}

Classified classify(Endpoint endpoint, int http_status, std::string_view body) {
  const auto by_status = answer_of_status(http_status);
  const auto envelope = read_envelope(body);
  if (!envelope) {
    const bool pinged = endpoint == Endpoint::ping && !by_status;
    return {by_status.value_or(pinged ? accepted : malformed), 0, {}};
  }
  const Answer answer = envelope->accepted
                            ? accepted
                            : refine(endpoint, answer_of(endpoint, envelope->code), envelope->message);
  return {by_status.value_or(answer), envelope->code, envelope->message.value_or("")};
}

} // namespace bulkhead::protocol::projectx
