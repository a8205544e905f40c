#include "persistence/journal_reader.hpp"
#include "persistence/bytes.hpp"

#include <fmt/format.h>

namespace bulkhead::persistence {

using model::Errc;
using model::Error;
using model::Result;

Result<JournalReader> JournalReader::open(Disk& disk, std::filesystem::path account_dir,
                                          model::AccountId account, std::uint64_t from) {
  JournalReader reader(disk, std::move(account_dir), account, from);
  auto names = list_segments(reader.account_dir_);
  if (!names) return names.error();
  reader.names_ = std::move(*names);
  reader.find_start();
  reader.start_ = reader.index_;
  return reader;
}

void JournalReader::find_start() {
  for (index_ = names_.size(); index_ > 0;) {
    --index_;
    const auto file = disk_->open(account_dir_ / to_string(names_[index_]), OpenMode::read);
    if (!file) continue; // load_segment() meets it again and says so
    const auto head = (*file)->pread(0, segment_header_bytes);
    const auto header = head ? decode_header(*head) : Result<SegmentHeader>{head.error()};
    if (header && header->first_sequence <= from_) return;
  }
}

Result<bool> JournalReader::next(JournalRecord& record) {
  if (failure_) return *failure_;
  for (;;) {
    auto found = step(record);
    if (!found) {
      failure_ = found.error();
      return found;
    }
    if (!*found || record.sequence >= from_) return found;
  }
}

Result<bool> JournalReader::step(JournalRecord& record) {
  for (;;) {
    if (!loaded_) {
      if (index_ >= names_.size() || end_.torn) return false;
      if (auto loaded = load_segment(); !loaded) return loaded.error();
      continue;
    }
    const std::string_view rest = std::string_view{bytes_}.substr(at_);
    if (rest.size() < sizeof(std::uint32_t) || load_le<std::uint32_t>(rest) == 0) {
      if (auto ended = end_of_segment({Errc::corrupt, "bytes behind the end of data"}); !ended)
        return ended.error();
      continue;
    }
    const auto parsed = parse_record(rest);
    if (!parsed) {
      if (auto ended = end_of_segment(parsed.error()); !ended) return ended.error();
      continue;
    }
    if (parsed->sequence != end_.next_sequence) {
      return at_place({Errc::corrupt,
                       fmt::format("record {} where {} was expected", parsed->sequence, end_.next_sequence)});
    }
    if (chain_after(end_.chain, *parsed, rest) != parsed->chain) {
      return at_place(
          {Errc::corrupt, fmt::format("record {} does not continue the chain", parsed->sequence)});
    }
    record = *parsed;
    at_ += parsed->bytes;
    end_.position = at_;
    end_.chain = parsed->chain;
    ++end_.next_sequence;
    return true;
  }
}

/// False when the segment is not in use: all zeros.
Result<bool> JournalReader::load_segment() {
  auto read = content(names_[index_]);
  if (!read) return read.error();
  bytes_ = std::move(*read);
  at_ = 0;
  loaded_ = true;
  if (all_zeros(bytes_)) {
    loaded_ = false;
    ++index_;
    return false;
  }
  const auto header = decode_header(bytes_);
  if (!header) return end_of_segment(header.error());
  if (auto checked = check_header(*header); !checked) return at_place(checked.error());
  if (segments_read_++ == 0) {
    first_available_ = header->first_sequence;
    end_.next_sequence = header->first_sequence;
    end_.chain = header->previous;
  }
  end_.segment = header->name;
  at_ = segment_header_bytes;
  end_.position = at_;
  return true;
}

Result<void> JournalReader::check_header(const SegmentHeader& header) const {
  if (header.account != account_ || header.name != names_[index_]) {
    return Error{Errc::corrupt,
                 fmt::format("is segment {} of account {}", to_string(header.name), header.account.value)};
  }
  const bool very_first = header.first_sequence == 1;
  if (header.first_sequence == 0 || (very_first && header.previous != ChainHash{})) {
    return Error{Errc::corrupt, "is no possible beginning of a chain"};
  }
  const bool continues = header.first_sequence == end_.next_sequence && header.previous == end_.chain;
  if (segments_read_ > 0 && !continues) {
    return Error{Errc::corrupt,
                 fmt::format("begins with record {}, but the segment before ends before {}, or "
                             "in another chain",
                             header.first_sequence, end_.next_sequence)};
  }
  return {};
}

/// Decides what lies at `at_`: nothing more, a torn tail, or damage. Always true on success.
Result<bool> JournalReader::end_of_segment(const Error& why) {
  const std::string_view rest = std::string_view{bytes_}.substr(at_);
  loaded_ = false;
  if (all_zeros(rest)) {
    ++index_;
    return true;
  }
  if (why.code() == Errc::unsupported) return at_place(why);
  const auto later = data_in_later_segments();
  if (!later) return later.error();
  if (*later || holds_record(rest, end_.next_sequence)) return at_place(why);
  end_.torn = JournalEnd::TornTail{names_[index_], at_, rest.find_last_not_of('\0') + 1};
  return true;
}

Result<bool> JournalReader::data_in_later_segments() const {
  for (std::size_t i = index_ + 1; i < names_.size(); ++i) {
    const auto read = content(names_[i]);
    if (!read) return read.error();
    if (!all_zeros(*read)) return true;
  }
  return false;
}

Result<std::string> JournalReader::content(const SegmentName& name) const {
  const auto path = account_dir_ / to_string(name);
  const auto file = disk_->open(path, OpenMode::read);
  if (!file) return file.error();
  auto read = read_all(**file, max_segment_bytes);
  if (!read && read.error().code() == Errc::out_of_range) {
    return Error{Errc::corrupt, fmt::format("{}: {}", path.string(), read.error().message())};
  }
  return read;
}

Error JournalReader::at_place(const Error& fault) const {
  const auto path = account_dir_ / to_string(names_[index_]);
  return {fault.code(), fmt::format("{} at offset {}: {}", path.string(), at_, fault.message())};
}

std::vector<std::filesystem::path> JournalReader::files_from(std::size_t index) const {
  std::vector<std::filesystem::path> files;
  for (; index < names_.size(); ++index) files.push_back(account_dir_ / to_string(names_[index]));
  return files;
}

} // namespace bulkhead::persistence
