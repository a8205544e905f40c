// A journal of some records, damaged: bits turned, pieces zeroed, moved or cut off. What the reader yields is
// always a beginning of what was written, word for word; the check of the chain agrees with it, and after the
// torn end was cut the journal reads without complaint and can be continued. Any other bytes as a file must
// merely come to an end.

#include "persistence/journal_reader.hpp"
#include "tests/fuzz/bytes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace bulkhead;
using namespace bulkhead::persistence;
using fuzz::expect;

namespace {

const model::AccountId account{4711};
const SegmentName name{{std::chrono::year{2026} / 7 / 15}, 0};
using Payloads = std::vector<std::string>;

/// Where the files lie: removed with the process.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("bulkhead-fuzz-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

void write(const std::filesystem::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

struct Found {
  Payloads payloads;
  JournalEnd end;
  std::optional<model::Error> error;
};

Found read(PosixDisk& disk, const std::filesystem::path& folder, std::size_t most) {
  Found found;
  auto reader = JournalReader::open(disk, folder, account);
  expect(reader.has_value(), "a folder that is there can be opened");
  JournalRecord record;
  for (;;) {
    const auto next = reader->next(record);
    if (!next) found.error = next.error();
    if (!next || !*next) break;
    found.payloads.emplace_back(record.payload);
    expect(found.payloads.size() <= most, "no more records than there is room for");
  }
  found.end = reader->end();
  return found;
}

std::string journal_of(const Payloads& payloads) {
  std::string file = encode_header({account, name, 1, {}});
  ChainHash chain{};
  std::uint64_t sequence = 0;
  for (const auto& payload : payloads)
    append_record(file, ++sequence, RecordKind::note, model::Instant{}, payload, chain);
  return file;
}

void damage(std::string& file, fuzz::Bytes& bytes) {
  while (!bytes.empty() && !file.empty()) {
    const auto kind = bytes.byte();
    const std::size_t at = (bytes.byte() << 8 | bytes.byte()) % file.size();
    const std::size_t length = std::min<std::size_t>(bytes.byte(), file.size() - at);
    switch (kind % 5) {
    case 0: file[at] = static_cast<char>(file[at] ^ (1 << length % 8)); break;
    case 1: std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), length, '\0'); break;
    case 2: file += file.substr(at, length); break;
    case 3: file.resize(at); break;
    default: file.append(length, '\0'); break;
    }
  }
}

void check(const std::filesystem::path& folder, const Payloads& written, std::size_t file_bytes) {
  PosixDisk disk;
  const std::size_t most = file_bytes / record_overhead_bytes;
  auto found = read(disk, folder, most);
  expect(found.payloads.size() <= written.size() &&
             std::equal(found.payloads.begin(), found.payloads.end(), written.begin()),
         "what is read is a beginning of what was written");
  const auto report = verify_chain(disk, folder, account);
  expect(report && report->records == found.payloads.size(), "the check of the chain counts the same");
  expect(report->damage.has_value() == found.error.has_value(), "and sees damage where the reader does");
  if (found.error) return;
  if (found.end.torn) expect(cut_tail(disk, folder, found.end).has_value(), "a torn end can be cut");
  const auto again = read(disk, folder, most);
  expect(!again.error && !again.end.torn && again.payloads == found.payloads, "cutting changes nothing else");
  expect(again.end.next_sequence == found.payloads.size() + 1, "the next record follows");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  fuzz::Bytes bytes(data, size);
  const auto file = folder.path / to_string(name);
  const auto records = bytes.byte();
  if (records == 255) { // nothing is known of such a file but its length
    write(file, bytes.rest());
    PosixDisk disk;
    (void)read(disk, folder.path, bytes.rest().size());
    return 0;
  }
  Payloads written;
  for (int i = 0; i < records % 6; ++i) written.emplace_back(bytes.piece());
  std::string content = journal_of(written);
  const bool whole = bytes.empty();
  damage(content, bytes);
  write(file, content);
  check(folder.path, written, content.size());
  if (!whole) return 0;
  PosixDisk disk;
  expect(read(disk, folder.path, 6).payloads == written, "without damage nothing is lost");
  return 0;
}
