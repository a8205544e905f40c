#include "protocol/net/http_text.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace bulkhead::protocol::net {
namespace {

constexpr std::size_t max_printable = 120;

bool is_method(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool has_space(std::string_view text) { return text.find(' ') != std::string_view::npos; }

} // namespace

bool is_header_safe(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c != 0x7f; });
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, max_printable));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < 0x20 || c == 0x7f; }, '?');
  return out;
}

RequestWriter::RequestWriter(const Endpoint& where)
    : base_(where.path.substr(0, where.path.find('?'))),
      fixed_headers_(fmt::format(" HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: application/json\r\n",
                                 where.authority(), user_agent)) {
  while (base_.ends_with('/')) base_.pop_back(); // "/base/" and "/api/x" make "/base/api/x"
}

model::Result<std::string> RequestWriter::to_wire(const HttpRequest& request) const {
  using model::Errc;
  using model::Error;
  if (!is_method(request.method)) return Error{Errc::malformed, "the HTTP method must be upper-case letters"};
  if (!request.target.starts_with('/') || !is_header_safe(request.target) || has_space(request.target))
    return Error{Errc::malformed,
                 "the HTTP target must start with / and hold no spaces or control characters"};
  if (!is_header_safe(request.bearer) || has_space(request.bearer))
    return Error{Errc::malformed, "the access token holds characters a header must not"};

  std::string out;
  out.reserve(160 + base_.size() + fixed_headers_.size() + request.target.size() + request.bearer.size() +
              request.body.size());
  out.append(request.method).append(" ").append(base_).append(request.target).append(fixed_headers_);
  if (!request.bearer.empty()) out.append("Authorization: Bearer ").append(request.bearer).append("\r\n");
  if (!request.body.empty()) out.append("Content-Type: application/json\r\n");
  if (!request.body.empty() || request.method != "GET") {
    char digits[24] = {};
    const auto* const end = std::to_chars(std::begin(digits), std::end(digits), request.body.size()).ptr;
    out.append("Content-Length: ").append(digits, static_cast<std::size_t>(end - digits)).append("\r\n");
  }
  out.append("\r\n").append(request.body);
  return out;
}

} // namespace bulkhead::protocol::net
