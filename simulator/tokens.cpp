#include "simulator/tokens.hpp"

#include "simulator/json_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <openssl/rand.h>

namespace bulkhead::simulator {
namespace {

constexpr std::size_t most_tokens = 4096;

std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += alphabet[(bits >> (count - 6)) & 63];
  }
  if (count > 0) out += alphabet[(bits << (6 - count)) & 63];
  return out;
}

std::string random_bytes() {
  std::string out(32, '\0');
  const int made = RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  model::require(made == 1, "the system gives random bytes");
  return out;
}

} // namespace

std::string Tokens::issue(const std::string& user, model::Instant now) {
  const auto expires = now + life_;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expires).time_since_epoch().count();
  const auto claims = JsonObject{}
                          .text("unique_name", user)
                          .text("jti", fmt::format("sim-{}", ++serial_))
                          .number("exp", seconds)
                          .text("iss", "simulator")
                          .str();
  auto token = fmt::format("{}.{}.{}", base64url(R"({"alg":"HS256","typ":"JWT"})"), base64url(claims),
                           base64url(random_bytes()));
  issued_.push_back({token, user, expires});
  if (issued_.size() > most_tokens) issued_.pop_front();
  return token;
}

std::optional<std::string> Tokens::user_of(std::string_view token, model::Instant now) const {
  const auto found = std::find_if(issued_.begin(), issued_.end(),
                                  [&](const Issued& issued) { return issued.token == token; });
  if (found == issued_.end() || now >= found->expires) return std::nullopt;
  return found->user;
}

void Tokens::revoke(std::string_view token) {
  std::erase_if(issued_, [&](const Issued& issued) { return issued.token == token; });
}

} // namespace bulkhead::simulator
