#include "protocol/transport.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace bulkhead::protocol {
namespace {

using model::Errc;
using model::Error;

/// Judged by the very text that will be resolved: Boost.URL 1.81 takes 127.0.0.1.example.com for an IPv4
/// address.
bool is_loopback(const std::string& host) {
  boost::system::error_code not_an_address;
  const auto address = boost::asio::ip::make_address(host, not_an_address);
  return not_an_address ? host == "localhost" : address.is_loopback();
}

/// The host as a resolver and a certificate know it: lower case, an IPv6 address without its brackets.
model::Result<std::string> host_of(const boost::urls::url_view& url) {
  std::string host = url.host_type() == boost::urls::host_type::ipv6 ? std::string(url.host_address())
                                                                     : std::string(url.encoded_host());
  const bool plausible = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == ':';
  });
  if (host.empty() || host.size() > 253 || !plausible)
    return Error{Errc::malformed, "the host is missing or contains characters no host name has"};
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return host;
}

} // namespace

// The text of the URL never enters an error message: its query may hold an access token.
model::Result<Endpoint> Endpoint::parse(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return Error{Errc::malformed, "not an absolute URL such as https://api.example.com"};
  const boost::urls::url_view url = *parsed;

  Endpoint out;
  switch (url.scheme_id()) {
  case boost::urls::scheme::https:
  case boost::urls::scheme::wss: out.tls = true; break;
  case boost::urls::scheme::http:
  case boost::urls::scheme::ws: out.tls = false; break;
  case boost::urls::scheme::none:
  case boost::urls::scheme::unknown:
  case boost::urls::scheme::file:
  case boost::urls::scheme::ftp:
    return Error{Errc::malformed, "the scheme must be https or wss (http or ws for this machine only)"};
  }
  if (url.has_userinfo()) return Error{Errc::malformed, "a URL must not carry a user name or password"};
  if (url.has_fragment()) return Error{Errc::malformed, "a URL must not carry a fragment (#...)"};
  // Boost.URL 1.81 reads 127.0.0.1.example.com as the host 127.0.0.1 and the path .example.com.
  if (!url.encoded_path().empty() && url.encoded_path().front() != '/')
    return Error{Errc::malformed, "the host looks like an IPv4 address, but goes on after it"};
  auto host = host_of(url);
  if (!host) return host.error();
  out.host = std::move(*host);
  out.port = out.tls ? 443 : 80;
  if (url.has_port() && !url.port().empty()) {
    out.port = url.port_number();
    if (out.port == 0) return Error{Errc::malformed, "the port must be 1 to 65535"};
  }
  if (!out.tls && !is_loopback(out.host))
    return Error{Errc::rejected, fmt::format("{}: unencrypted connections are accepted for this machine only "
                                             "(localhost, 127.x.x.x, [::1]); use https or wss",
                                             out.host)};
  out.path = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (url.has_query()) out.path.append("?").append(url.encoded_query().data(), url.encoded_query().size());
  return out;
}

std::string Endpoint::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

MonotonicNanos monotonic_now() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void throw_exception_from_error(const HttpFailure& failure, const boost::source_location& where) {
  model::throw_exception_from_error(failure.error, where);
}

} // namespace bulkhead::protocol
