// Feeds a fuzzer with the files of the directories that are named, each whole, each again without its second
// half, and nothing at all: what was found once stays found, with any compiler.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::vector<char>& bytes, std::size_t size) {
  // A block of its own that ends where the input ends, so that a sanitizer sees a read beyond it.
  const std::vector<char> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(exact.data()), exact.size());
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  feed({}, 0);
  for (const auto& file : files) {
    std::cerr << file.string() << '\n'; // the last line names the file that ended the program
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    feed(bytes, bytes.size());
    feed(bytes, bytes.size() / 2);
  }
  std::cerr << files.size() << " inputs\n";
  return files.empty() ? 1 : 0; // a test without inputs tests nothing
}
