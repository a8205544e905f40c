#pragma once
// Who is logged in as admin, and whether logging in may be tried now. Plain state fed with now, in memory
// only: a restart of the daemon ends every session. Owned by the gatekeeper. At most 16 sessions; the one
// that ends first makes room. Five wrong passwords in a row lock logging in for five minutes.

#include "protocol/transport.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

class AdminSessions {
public:
  using Now = protocol::MonotonicNanos;
  static constexpr Now session_lasts = 15LL * 60 * 1'000'000'000;
  static constexpr Now locked_for = 5LL * 60 * 1'000'000'000;
  static constexpr int wrong_passwords = 5;
  static constexpr std::size_t most_sessions = 16;

  /// For how much longer logging in is locked; 0 when it may be tried.
  [[nodiscard]] Now locked_until_free(Now now) const noexcept;
  /// True when this one locked it.
  bool note_wrong_password(Now now) noexcept;
  void open(std::string token, Now now);
  [[nodiscard]] bool holds(const std::string& token, Now now) const;
  /// False when there was no such session.
  bool close(const std::string& token);

private:
  struct Session {
    std::string token;
    Now ends = 0;
  };
  std::vector<Session> sessions_; // by end
  int wrong_ = 0;
  std::optional<Now> locked_until_;
};

} // namespace bulkhead::actors
