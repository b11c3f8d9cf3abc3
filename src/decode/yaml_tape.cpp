#include "yaml_tape.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "kaudit/text/yaml_lines.hpp"
#include "limits.hpp"
#include "yaml_marks.hpp"
#include "yaml_parser.hpp"

namespace kaudit::decode {
namespace {

/// Offsets on the tape have 32 bits; the kubelet reads no manifest over 10 MiB.
constexpr std::size_t k_largest_text = std::size_t{1} << 30U;

std::string_view hint_for(std::string_view problem) {
  if (problem == "found incompatible YAML document") return "take the %YAML line out; Kubernetes reads YAML 1.1";
  if (problem == "found extremely long version number") return "take the %YAML line out";
  if (problem == "found unknown escape character") return R"(write the character without a backslash, or \\ for one)";
  return "correct the text here, or just above";
}

/// Turns the events of one document into a tape.
class TapeWriter {
 public:
  explicit TapeWriter(const text::Source& source)
      : m_source(source), m_marks(source.bytes()), m_parser(source.bytes().empty() ? "\n" : source.bytes()) {}

  Result<Tape> run() {
    while (!m_done) {
      const YamlEvent event = m_parser.next();
      if (event.kind == YamlEvent::Kind::none) return parser_error();
      KAUDIT_TRY_DO(take(event));
    }
    return std::move(m_tape);
  }

 private:
  [[nodiscard]] Error refuse_at(std::size_t offset, std::string_view code, std::string message,
                                std::string_view hint = {}) const {
    text::Diagnostic finding;
    finding.code = code;
    finding.message = std::move(message);
    finding.hint = hint;
    finding.offset = std::min(offset, m_source.bytes().size());
    return text::refuse(text::YamlLines(m_source), finding);
  }

  /// The text as yaml.v2 has it: decode.go, parser.fail.
  Error parser_error() {
    const YamlProblem problem = m_parser.problem();
    const std::string text(problem.text);
    if (problem.stage == YamlProblem::Stage::reader) {
      return refuse_at(m_parser.reader_offset(), "yaml-syntax", "yaml: " + text, hint_for(text));
    }
    std::size_t line = problem.context.line;
    if (problem.mark.line != 0) line = problem.mark.line + (problem.stage == YamlProblem::Stage::scanner ? 1 : 0);
    const std::string_view code = text == "exceeded max depth of 10000" ? "too-deep" : "yaml-syntax";
    return refuse_at(m_marks.offset(problem.mark.index), code,
                     "yaml: " + (line == 0 ? "" : "line " + std::to_string(line) + ": ") + text, hint_for(text));
  }

  Status take(const YamlEvent& event) {
    switch (event.kind) {
      case YamlEvent::Kind::document_end:
      case YamlEvent::Kind::stream_end:
        m_done = true;
        return Done{};
      case YamlEvent::Kind::alias:
        return take_alias(event);
      case YamlEvent::Kind::scalar:
        take_scalar(event);
        return Done{};
      case YamlEvent::Kind::sequence_start:
        return take_start(event, TapeNode::Kind::sequence);
      case YamlEvent::Kind::mapping_start:
        return take_start(event, TapeNode::Kind::mapping);
      case YamlEvent::Kind::sequence_end:
      case YamlEvent::Kind::mapping_end:
        m_tape.nodes[m_open.back()].link = static_cast<std::uint32_t>(m_tape.nodes.size());
        m_open.pop_back();
        return Done{};
      default:
        return Done{};
    }
  }

  TapeNode& append(const YamlEvent& event) {
    TapeNode node;
    node.offset = static_cast<std::uint32_t>(m_marks.offset(event.start.index));
    node.line = static_cast<std::uint32_t>(event.start.line) + 1;
    node.tag = tag_of(event.tag);
    const auto index = static_cast<std::uint32_t>(m_tape.nodes.size());
    if (!event.anchor.empty() && event.kind != YamlEvent::Kind::alias) m_anchors[event.anchor] = index;
    return m_tape.nodes.emplace_back(node);
  }

  Status take_alias(const YamlEvent& event) {
    TapeNode& node = append(event);
    const auto anchor = m_anchors.find(event.anchor);
    if (anchor == m_anchors.end()) {
      return refuse_at(node.offset, "yaml-alias", "yaml: unknown anchor '" + event.anchor + "' referenced");
    }
    node.kind = TapeNode::Kind::alias;
    node.link = anchor->second;
    return Done{};
  }

  void take_scalar(const YamlEvent& event) {
    TapeNode& node = append(event);
    node.implicit = event.implicit;
    node.begin = static_cast<std::uint32_t>(m_tape.text.size());
    node.size = static_cast<std::uint32_t>(event.value.size());
    m_tape.text += event.value;
  }

  Status take_start(const YamlEvent& event, TapeNode::Kind kind) {
    TapeNode& node = append(event);
    node.kind = kind;
    node.flow = event.flow;
    m_open.push_back(static_cast<std::uint32_t>(m_tape.nodes.size() - 1));
    if (m_open.size() > k_deepest) return refuse_at(node.offset, "too-deep", "yaml: exceeded max depth of 10000");
    return Done{};
  }

  const text::Source& m_source;
  Marks m_marks;
  YamlParser m_parser;
  bool m_done = false;
  std::vector<std::uint32_t> m_open;
  std::map<std::string, std::uint32_t> m_anchors;
  Tape m_tape;
};

}  // namespace

Result<Tape> read_tape(const text::Source& source) {
  if (source.bytes().size() > k_largest_text) {
    return text::refuse(source, {text::Severity::error, "not-modelled", {}, "too large a text", {}, 0});
  }
  TapeWriter reader(source);
  return reader.run();
}

}  // namespace kaudit::decode
