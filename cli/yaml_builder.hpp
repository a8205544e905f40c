#pragma once
// The half of the YAML reader that knows nothing of YAML: builds a ConfigNode from a stream of "scalar",
// "list begins", ... and enforces every limit while the tree grows, so that no input can make it large first.
// Owned by one parse_yaml call.

#include "model/config.hpp"
#include "model/error.hpp"

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace bulkhead::cli {

/// Ends the reading of a file at a line; thrown by TreeBuilder, caught in parse_yaml.
class StopReading : public std::runtime_error {
public:
  StopReading(int line, const std::string& message) : std::runtime_error(message), line_(line) {}
  [[nodiscard]] int line() const noexcept { return line_; }

private:
  int line_;
};

class TreeBuilder {
public:
  using Anchor = std::size_t; // 0: none

  TreeBuilder(std::string file, model::Problems& problems) : file_(std::move(file)), problems_(problems) {}

  // Each throws StopReading when a limit is exceeded or the node cannot stand where it is. Lines are 1-based.
  void begin_document(int line);
  void scalar(int line, Anchor anchor, const std::string& text);
  void null(int line, Anchor anchor);
  void alias(int line, Anchor anchor);
  void begin(model::ConfigNode::Kind kind, int line, Anchor anchor);
  void end();

  /// The finished tree with its paths set; leaves the builder empty.
  [[nodiscard]] model::ConfigNode take();

private:
  struct Open { // a list or map that is not complete yet
    model::ConfigNode node;
    Anchor anchor = 0;
    std::set<std::string> keys;
    std::optional<std::string> key; // read, its value is not
    int key_line = 0;
    bool repeated = false; // the key was there before: its value is dropped
  };

  [[nodiscard]] model::ConfigNode make(model::ConfigNode::Kind kind, int line) const;
  [[nodiscard]] bool expects_key() const;
  void read_key(int line, const std::string& text);
  void refuse_as_key(int line) const;
  void count(int line, std::size_t nodes, std::size_t bytes);
  void count_all(int line, const model::ConfigNode& node);
  void add(model::ConfigNode node, Anchor anchor);

  std::string file_;
  model::Problems& problems_;
  std::vector<Open> open_;
  std::map<Anchor, model::ConfigNode> anchors_;
  std::optional<model::ConfigNode> root_;
  std::size_t documents_ = 0;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace bulkhead::cli
