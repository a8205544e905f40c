#include "actors/thrown.hpp"

#include <caf/sec.hpp>

namespace bulkhead::actors {

std::optional<std::string> thrown_by(const std::function<void()>& what) {
  try {
    what();
    return std::nullopt;
  } catch (const std::exception& failure) {
    return failure.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

caf::error died_of(const std::exception_ptr& thrown) {
  const auto text = thrown_by([&] { std::rethrow_exception(thrown); });
  return caf::make_error(caf::sec::runtime_error, text.value_or("nothing"));
}

} // namespace bulkhead::actors
