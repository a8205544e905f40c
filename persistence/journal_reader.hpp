#pragma once
// The reading end of an account's journal: all segments in order, each record checked against its CRC, its
// sequence and the hash chain. A bad end of the last segment with no valid record behind it is a torn tail:
// reading stops there and says so. Anything else that does not match is Errc::corrupt with file and offset.
// One segment (at most max_segment_bytes) is in memory at a time. Used at start, by `replay` and by `journal
// verify`; by one thread, while nobody writes the part that is read.

#include "persistence/journal_segment.hpp"

namespace bulkhead::persistence {

class JournalReader {
public:
  /// Starts at record `from` (1 is the first ever). What lies before the segment of `from` is not looked at.
  /// `disk` must outlive the reader. Errors: io.
  [[nodiscard]] static model::Result<JournalReader> open(Disk& disk, std::filesystem::path account_dir,
                                                         model::AccountId account, std::uint64_t from = 1);

  /// The next record; false at the end. Its payload is valid until the next call. Errors: corrupt,
  /// unsupported (written by a newer release), io; the same error again from then on.
  [[nodiscard]] model::Result<bool> next(JournalRecord& record);

  /// Where the valid part ends as far as was read: final once next() has answered false or an error.
  [[nodiscard]] const JournalEnd& end() const noexcept { return end_; }
  /// The first record that is there; greater than `from` when older segments are gone, 0 without any.
  [[nodiscard]] std::uint64_t first_available() const noexcept { return first_available_; }
  /// After an error: the file it lies in and all later ones, to be set aside as evidence.
  [[nodiscard]] std::vector<std::filesystem::path> damaged_files() const {
    return files_from(failure_ ? index_ : names_.size());
  }
  /// After an error: where in the first of them.
  [[nodiscard]] std::uint64_t offset() const noexcept { return at_; }
  /// All files from the one where reading began, spares included.
  [[nodiscard]] std::vector<std::filesystem::path> files() const { return files_from(start_); }
  [[nodiscard]] std::uint64_t segments_read() const noexcept { return segments_read_; }

private:
  JournalReader(Disk& disk, std::filesystem::path account_dir, model::AccountId account, std::uint64_t from)
      : disk_(&disk), account_dir_(std::move(account_dir)), account_(account), from_(from) {}
  [[nodiscard]] std::vector<std::filesystem::path> files_from(std::size_t index) const;
  void find_start();
  [[nodiscard]] model::Result<bool> step(JournalRecord& record);
  [[nodiscard]] model::Result<bool> load_segment();
  [[nodiscard]] model::Result<bool> end_of_segment(const model::Error& why);
  [[nodiscard]] model::Result<void> check_header(const SegmentHeader& header) const;
  [[nodiscard]] model::Result<bool> data_in_later_segments() const;
  [[nodiscard]] model::Result<std::string> content(const SegmentName& name) const;
  [[nodiscard]] model::Error at_place(const model::Error& fault) const;

  Disk* disk_;
  std::filesystem::path account_dir_;
  model::AccountId account_;
  std::uint64_t from_;
  std::vector<SegmentName> names_;
  std::size_t start_ = 0; // where reading began
  std::size_t index_ = 0; // of the segment being read, or the next one when none is loaded
  bool loaded_ = false;
  std::string bytes_; // of the loaded segment
  std::size_t at_ = 0;
  JournalEnd end_;
  std::uint64_t first_available_ = 0;
  std::uint64_t segments_read_ = 0;
  std::optional<model::Error> failure_;
};

/// Removes what JournalEnd::torn names and clears it. Errors: io, full.
[[nodiscard]] model::Result<void> cut_tail(Disk& disk, const std::filesystem::path& account_dir,
                                           JournalEnd& end);

struct ChainReport {
  std::uint64_t segments = 0;
  std::uint64_t records = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  std::optional<JournalEnd::TornTail> torn;
  /// The first record or header that is bad; reading ended there.
  struct Damage {
    std::filesystem::path file;
    std::uint64_t offset = 0;
    model::Error error; // names both as well
  };
  std::optional<Damage> damage;
};
/// Reads the whole journal of an account. Changes nothing. Errors: io.
[[nodiscard]] model::Result<ChainReport> verify_chain(Disk& disk, const std::filesystem::path& account_dir,
                                                      model::AccountId account);

} // namespace bulkhead::persistence
