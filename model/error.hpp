#pragma once
// The error policy of the whole program. Expected failures (bad input from venue, disk or operator) are
// values of type Error inside a Result<T>; broken invariants of our own throw InvariantViolation, which ends
// the actor loudly and lets the supervisor restart it. Third-party exceptions are caught in the file that
// calls the third party.

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::model {

enum class Errc {
  ok,            // never inside a Result; the default of an Error
  malformed,     // input does not have the shape it must have (JSON, YAML, frame, record)
  missing,       // a required field or setting is absent
  out_of_range,  // a value exists but lies outside what is accepted
  unknown_value, // an enum, key or name nobody defined
  not_found,     // the named thing does not exist
  io,            // disk or socket failed
  corrupt,       // stored bytes do not match their checksum or chain
  full,          // disk, map or a bounded queue is full
  timeout,       // no answer in time
  unreachable,   // no connection could be made
  unauthorized,  // credentials or token refused
  rejected,      // the gateway answered, and said no
  rate_limited,  // HTTP 429
  server_error,  // HTTP 5xx
  busy,          // owned by another process or request
  unsupported,   // valid, but not offered by this version
};

[[nodiscard]] std::string_view to_string(Errc code) noexcept;

/// An expected failure: a code to branch on and a sentence for people.
class Error {
public:
  Error() = default;
  Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}
  [[nodiscard]] Errc code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  /// The same error with "context: " in front of its message; added once, where the context is known.
  [[nodiscard]] Error with_context(std::string_view context) const;

private:
  Errc code_ = Errc::ok;
  std::string message_;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Called by Result<T>::value() on an error: reaching it is our own bug.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

/// One of our own invariants does not hold.
class InvariantViolation : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// Throws InvariantViolation unless `holds`. Stays on in release builds; guards our bugs, never anybody's
/// input.
void require(bool holds, std::string_view what, boost::source_location where = BOOST_CURRENT_LOCATION);

/// One problem of a configuration file, complete enough to be mended without looking anything up.
struct Problem {
  enum class Severity { warning, error };
  Severity severity = Severity::error;
  std::string file;
  int line = 0;      // 1-based; 0 when the problem has no single line
  std::string path;  // "rules.max_contracts.limit"
  std::string value; // as written; never a secret
  std::string message;
  std::string suggestion; // nearest accepted key, or empty
};
using Problems = std::vector<Problem>;
[[nodiscard]] bool has_errors(const Problems& problems) noexcept;
/// "risk_config.yaml:4: rules.max_contracts.limt = 5: unknown key (did you mean 'limit'?)"
[[nodiscard]] std::string to_string(const Problem& problem);

} // namespace bulkhead::model
