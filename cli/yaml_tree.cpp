#include "cli/yaml_tree.hpp"
#include "cli/yaml_builder.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace bulkhead::cli {
namespace {

using model::ConfigNode;
using Kind = model::ConfigNode::Kind;

// yaml-cpp takes the end of the file for the closing quote of an unfinished string. This line, appended as a
// comment, ends up inside such a string; its control byte cannot stand in a checked text.
constexpr char end_byte = '\x01';
constexpr std::string_view end_of_file = "\n#\x01\n";

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

class Listener : public YAML::EventHandler {
public:
  Listener(TreeBuilder& tree, int last_line) : tree_(tree), last_line_(last_line) {}

  void OnDocumentStart(const YAML::Mark& mark) override { tree_.begin_document(line_of(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { tree_.null(line_of(mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { tree_.alias(line_of(mark), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    if (value.find(end_byte) != std::string::npos)
      throw StopReading(line_of(mark), "the quoted text that begins here is never closed");
    // An escape such as "\0" or "\e" would reach terminals and C strings.
    if (std::any_of(value.begin(), value.end(), is_control))
      throw StopReading(line_of(mark), "a value contains a control character");
    tree_.scalar(line_of(mark), anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    tree_.begin(Kind::list, line_of(mark), anchor);
  }
  void OnSequenceEnd() override { tree_.end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    tree_.begin(Kind::map, line_of(mark), anchor);
  }
  void OnMapEnd() override { tree_.end(); }

private:
  /// What is missing at the end, yaml-cpp finds missing behind it.
  [[nodiscard]] int line_of(const YAML::Mark& mark) const { return std::min(mark.line + 1, last_line_); }
  // "?" is yaml-cpp's tag of a plain value, "!" of a quoted one.
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!")
      throw StopReading(line_of(mark), "tags (!name) are not supported");
  }
  TreeBuilder& tree_;
  int last_line_;
};

void refuse(model::Problems& problems, const std::string& file, int line, std::string message) {
  model::Problem problem;
  problem.file = file;
  problem.line = line;
  problem.message = std::move(message);
  problems.push_back(std::move(problem));
}

/// How many bytes the UTF-8 sequence at the front has; 0 when it is none (overlong and surrogates included).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool beyond = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

/// yaml-cpp replaces broken characters silently, reads UTF-16 by guess, and takes byte 0x04 for the end of
/// the file: such a text would be read as something else than what its author sees.
bool is_plain_text(std::string_view text, const std::string& file, model::Problems& problems) {
  int line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0 || is_control(text[at])) {
      refuse(problems, file, line, fmt::format("byte 0x{:02x} is not text; the file must be UTF-8", c));
      return false;
    }
    if (c == '\n') ++line;
    at += length;
  }
  return true;
}

} // namespace

std::optional<ConfigNode> parse_yaml(std::string_view text, const std::string& file,
                                     model::Problems& problems) {
  if (text.size() > YamlLimits::bytes) {
    refuse(problems, file, 0, fmt::format("the file is larger than {} bytes", YamlLimits::bytes));
    return std::nullopt;
  }
  if (!is_plain_text(text, file, problems)) return std::nullopt;
  TreeBuilder tree(file, problems);
  const int last_line = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
  Listener listener(tree, last_line);
  try {
    std::istringstream in(std::string(text).append(end_of_file));
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(listener)) {
    }
    return tree.take();
  } catch (const StopReading& stop) {
    refuse(problems, file, stop.line(), stop.what());
  } catch (const YAML::Exception& error) {
    refuse(problems, file, std::min(error.mark.line + 1, last_line),
           fmt::format("not valid YAML: {} (column {})", error.msg, error.mark.column + 1));
  } catch (const std::runtime_error& error) {
    refuse(problems, file, 0, fmt::format("not valid YAML: {}", error.what()));
  }
  return std::nullopt;
}

std::optional<ConfigNode> read_yaml(const std::filesystem::path& path, model::Problems& problems) {
  const std::string file = path.filename().string();
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    refuse(problems, file, 0, fmt::format("the file is missing in {}", path.parent_path().string()));
    return std::nullopt;
  }
  std::string text(YamlLimits::bytes + 1, '\0');
  std::ifstream in;
  // Opening anything else could block for ever (a pipe) or read garbage (a directory).
  if (std::filesystem::is_regular_file(status)) in.open(path, std::ios::binary);
  if (!in.is_open() || (in.read(text.data(), static_cast<std::streamsize>(text.size())), in.bad())) {
    refuse(problems, file, 0, fmt::format("the file cannot be read in {}", path.parent_path().string()));
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_yaml(text, file, problems);
}

} // namespace bulkhead::cli
