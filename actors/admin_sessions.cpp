#include "actors/admin_sessions.hpp"

#include <algorithm>
#include <sodium.h>

namespace bulkhead::actors {
namespace {

/// Takes the same time wherever the two differ.
bool same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

AdminSessions::Now AdminSessions::locked_until_free(Now now) const noexcept {
  return locked_until_ && *locked_until_ > now ? *locked_until_ - now : 0;
}

bool AdminSessions::note_wrong_password(Now now) noexcept {
  if (++wrong_ < wrong_passwords) return false;
  wrong_ = 0;
  locked_until_ = now + locked_for;
  return true;
}

void AdminSessions::open(std::string token, Now now) {
  wrong_ = 0;
  std::erase_if(sessions_, [&](const Session& session) { return session.ends <= now; });
  if (sessions_.size() == most_sessions) sessions_.erase(sessions_.begin());
  sessions_.push_back({std::move(token), now + session_lasts});
}

bool AdminSessions::holds(const std::string& token, Now now) const {
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const Session& session) {
    return session.ends > now && same(session.token, token);
  });
}

bool AdminSessions::close(const std::string& token) {
  return std::erase_if(sessions_, [&](const Session& session) { return same(session.token, token); }) > 0;
}

} // namespace bulkhead::actors
