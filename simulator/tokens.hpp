#pragma once
// The session tokens of the simulated gateway: JWTs in looks (three base64url parts, a readable `exp`),
// whose truth is this table. Owned by the core, io thread only. The table keeps the 4096 youngest tokens.

#include "model/time.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::simulator {

class Tokens {
public:
  explicit Tokens(std::chrono::seconds life) : life_(life) {}
  /// A new token; tokens issued before stay good.
  [[nodiscard]] std::string issue(const std::string& user, model::Instant now);
  /// The user of a token that is known and not expired.
  [[nodiscard]] std::optional<std::string> user_of(std::string_view token, model::Instant now) const;
  void revoke(std::string_view token);
  void expire_all() { issued_.clear(); }

private:
  struct Issued {
    std::string token;
    std::string user;
    model::Instant expires;
  };
  std::chrono::seconds life_;
  std::deque<Issued> issued_;
  std::uint64_t serial_ = 0;
};

} // namespace bulkhead::simulator
