#include "cli/session_file.hpp"

#include "actors/control_keys.hpp"
#include "actors/secret_file.hpp"

namespace bulkhead::cli {
namespace {

std::filesystem::path file_of(const std::filesystem::path& data_dir) {
  return actors::control_directory(data_dir) / "session";
}

} // namespace

model::Result<void> keep_session(const std::filesystem::path& data_dir, const std::string& token) {
  return actors::write_secret_file(file_of(data_dir), token + '\n');
}

std::string kept_session(const std::filesystem::path& data_dir) {
  const auto text = actors::read_small_file(file_of(data_dir));
  return text ? text->substr(0, text->find('\n')) : "";
}

void forget_session(const std::filesystem::path& data_dir) {
  std::error_code ignored; // gone is gone
  std::filesystem::remove(file_of(data_dir), ignored);
}

} // namespace bulkhead::cli
