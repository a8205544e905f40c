#pragma once
// Events that end whoever folds them. Such a record stays in the journal, is folded no more, and is kept in a
// file of its own beside it, "<sequence>.quarantine": one line for people, then the payload. The file also
// tells every later recovery not to fold that record. Journal thread and start-up only.

#include "persistence/file.hpp"

#include <string>
#include <vector>

namespace bulkhead::persistence {

struct SetAside {
  std::uint64_t sequence = 0;
  std::string why;     // one line
  std::string payload; // of the journal record
  friend bool operator==(const SetAside&, const SetAside&) = default;
};

inline constexpr std::size_t most_set_aside = 20; // files per account; beyond it the journal alone has it

/// "00000000000000004711.quarantine"
[[nodiscard]] std::string set_aside_name(std::uint64_t sequence);
/// The path of the file. Errors: full (the disk, or most_set_aside files are there), io.
[[nodiscard]] model::Result<std::filesystem::path>
write_set_aside(Disk& disk, const std::filesystem::path& account_dir, const SetAside& event);
/// All that can be read, by sequence.
[[nodiscard]] std::vector<SetAside> list_set_aside(Disk& disk, const std::filesystem::path& account_dir);

/// Which record is being folded, in a small file that outlives the process: a record that ended the process
/// while it was folded is found there by the next start. Without a disk there is no mark, and no error.
class FoldMark {
public:
  struct Suspect {
    std::uint64_t sequence = 0;
    std::uint64_t deaths = 0; // starts in a row that ended while folding it
  };
  FoldMark(Disk& disk, const std::filesystem::path& account_dir);
  [[nodiscard]] const Suspect& suspect() const noexcept { return suspect_; }
  void folding(std::uint64_t sequence);
  /// Everything is folded.
  void done();

private:
  Disk* disk_;
  std::filesystem::path path_;
  std::shared_ptr<File> file_; // null without a disk
  Suspect suspect_;
};

} // namespace bulkhead::persistence
