#include "events.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <istream>
#include <streambuf>
#include <string>
#include <utility>

#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/node/node.h>  // parser.h only declares YAML::Node, which clang-tidy takes for a slip beside our own
#include <yaml-cpp/parser.h>

#include "refusal.hpp"

namespace kaudit::yaml {
namespace {

/// Kubernetes objects nest about ten deep. yaml-cpp's own limit is 500 and says "bad file".
constexpr std::size_t k_deepest = 200;
/// Bounds the memory that a text of 10 MiB can ask for (`[1,1,1,…`).
constexpr std::size_t k_most_nodes = 6'000'000;

/// Reads a string_view in small steps, without a second copy of the text.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) : m_rest(text) {}

 protected:
  int_type underflow() override {
    if (m_rest.empty()) return traits_type::eof();
    const std::size_t size = std::min(m_rest.size(), m_buffer.size());
    std::copy_n(m_rest.data(), size, m_buffer.data());
    m_rest.remove_prefix(size);
    setg(m_buffer.data(), m_buffer.data(), m_buffer.data() + size);
    return traits_type::to_int_type(m_buffer.front());
  }

 private:
  std::string_view m_rest;
  std::array<char, 4096> m_buffer{};
};

/// Ends the parse from inside a handler; never leaves this file.
class Stop final : public std::exception {
 public:
  Stop(std::size_t offset, Words words) : m_offset(offset), m_words(std::move(words)) {}
  [[nodiscard]] std::size_t offset() const { return m_offset; }
  [[nodiscard]] const Words& words() const { return m_words; }

 private:
  std::size_t m_offset;
  Words m_words;
};

class Collector final : public YAML::EventHandler {
 public:
  explicit Collector(const text::Source& source) : m_source(source) {}

  Tree take() {
    link_children();
    return std::move(m_tree);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (m_documents++ == 0) return;
    const std::size_t at = offset(mark);
    if (m_source.bytes().substr(at, 3) == "---") {
      throw Stop(at, {"several-documents", "a second document starts here",
                      "the kubelet reads the first only: put one pod into one file"});
    }
    throw Stop(at,
               {"yaml-syntax",
                "not valid YAML: this does not belong to what stands above (is it indented less than the first line?)",
                "give all keys of the outermost mapping the same indentation"});
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { add(mark, Kind::null, Style::plain); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { add(mark, Kind::alias, Style::plain); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    add(mark, Kind::scalar, Style::plain);
    m_tree.nodes.back().value = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value style) override {
    open(mark, Kind::sequence, style);
  }
  void OnSequenceEnd() override { m_open.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value style) override {
    open(mark, Kind::mapping, style);
  }
  void OnMapEnd() override { m_open.pop_back(); }

  /// Where yaml-cpp's mark is in our bytes: it does not count the byte order mark, and knows a position of -1.
  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    const std::size_t at = mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
    return std::min(at + m_source.bom_size(), m_source.bytes().size());
  }

 private:
  /// A collection whose end has not come yet.
  struct Open {
    NodeId id;
    bool key_comes;
  };

  void add(const YAML::Mark& mark, Kind kind, Style style) {
    const std::size_t at = offset(mark);
    if (m_tree.nodes.size() >= k_most_nodes) {
      throw Stop(at, {"too-many-nodes", "more than 6,000,000 values", "this cannot be a pod manifest"});
    }
    Node node;
    node.kind = kind;
    node.style = style;
    node.span = {at, at};
    if (!m_open.empty()) {
      Open& top = m_open.back();
      Node& parent = m_tree.nodes[top.id];
      node.parent = top.id;
      if (parent.kind == Kind::sequence || top.key_comes) ++parent.child_count;
      node.index = parent.child_count - 1;
      if (parent.kind == Kind::mapping) top.key_comes = !top.key_comes;
    }
    m_tree.nodes.push_back(std::move(node));
  }

  void open(const YAML::Mark& mark, Kind kind, YAML::EmitterStyle::value style) {
    if (m_open.size() >= k_deepest) {
      throw Stop(offset(mark), {"too-deep", "nested more than 200 deep", "this cannot be a pod manifest"});
    }
    add(mark, kind, style == YAML::EmitterStyle::Flow ? Style::flow : Style::block);
    m_open.push_back({static_cast<NodeId>(m_tree.nodes.size() - 1), kind == Kind::mapping});
  }

  void link_children() {
    std::uint32_t total = 0;
    for (Node& node : m_tree.nodes) {
      node.first_child = total;
      total += node.child_count;
    }
    m_tree.children.resize(total);
    for (NodeId id = 1; id < m_tree.nodes.size(); ++id) {
      const Node& node = m_tree.nodes[id];
      const Node& parent = m_tree.nodes[node.parent];
      Child& child = m_tree.children[parent.first_child + node.index];
      const bool is_key = parent.kind == Kind::mapping && child.key == 0;  // node 0 is the root, never a key
      (is_key ? child.key : child.value) = id;
    }
  }

  const text::Source& m_source;
  Tree m_tree;
  std::vector<Open> m_open;
  std::size_t m_documents = 0;
};

}  // namespace

Result<Tree> read_events(const text::Source& source) {
  Collector collector(source);
  try {
    ViewBuffer buffer(source.bytes().substr(source.bom_size()));
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    // Until false: yaml-cpp 0.7.0 takes a dedented rest of the file for a second document.
    while (parser.HandleNextDocument(collector)) continue;
  } catch (const Stop& stop) {
    return refuse_at(source, stop.offset(), stop.words());
  } catch (const YAML::Exception& exception) {
    return refuse_at(source, collector.offset(exception.mark),
                     {"yaml-syntax", "not valid YAML: " + exception.msg,
                      "the kubelet does not read such a file either: correct it first"});
  }
  Tree tree = collector.take();
  if (tree.nodes.empty()) {
    return refuse_at(
        source, 0,
        {"no-document", "the file is empty or holds comments only", "name the file that holds the manifest"});
  }
  return tree;
}

}  // namespace kaudit::yaml
