#pragma once
// `bulkhead journal verify`: reads every record of every segment, and every checkpoint, of one account or of
// all, and says the first that is bad by file and offset. Changes nothing and takes no lock, so it may run
// beside the daemon; what that writes meanwhile looks like an unfinished last record, which is no damage.

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace bulkhead::cli {

struct JournalCommand {
  std::filesystem::path data_dir = "data";
  std::int64_t account = 0; // 0: all
  bool json = false;
};

/// Exit codes: ok; failed (damage, or no such journal).
[[nodiscard]] int journal_verify_command(const JournalCommand& command, std::ostream& out, std::ostream& err);

} // namespace bulkhead::cli
