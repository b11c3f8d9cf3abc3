#include "yaml_tape.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include <yaml.h>

#include "inner_boms.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "yaml_differences.hpp"
#include "yaml_marks.hpp"

namespace kaudit::decode {
namespace {

/// Offsets on the tape have 32 bits; the kubelet reads no manifest over 10 MiB.
constexpr std::size_t k_largest_text = std::size_t{1} << 30U;
/// encoding/json's limit, which yaml.v2 has for either kind of nesting.
constexpr std::size_t k_deepest = 10000;

constexpr const char* k_hint = "correct the text here, or just above";
/// libyaml looks through all open brackets for every token: so many steps are about a second.
constexpr std::size_t k_most_bracket_steps = 200'000'000;

std::string_view chars(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

class EventGuard {
 public:
  explicit EventGuard(yaml_event_t& event) : m_event(event) {}
  EventGuard(const EventGuard&) = delete;
  EventGuard& operator=(const EventGuard&) = delete;
  EventGuard(EventGuard&&) = delete;
  EventGuard& operator=(EventGuard&&) = delete;
  ~EventGuard() { yaml_event_delete(&m_event); }

 private:
  yaml_event_t& m_event;
};

/// Turns libyaml's events of one document into a tape.
class Reader {
 public:
  explicit Reader(const text::Source& source)
      : m_source(source), m_marks(source.bytes()), m_boms(source.bytes(), source.bom_size()) {
    m_ready = yaml_parser_initialize(&m_parser) == 1;
    if (m_ready) yaml_parser_set_input(&m_parser, serve, this);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  Reader(Reader&&) = delete;
  Reader& operator=(Reader&&) = delete;
  ~Reader() {
    if (m_ready) yaml_parser_delete(&m_parser);
  }

  Result<Tape> run() {
    if (!m_ready) return internal_error("out of memory");
    const Prologue prologue = check_prologue(m_marks.text());
    if (prologue.difference)
      return differs(*prologue.difference, m_marks.is_utf16() ? 0 : m_source.bom_size() + prologue.offset);
    m_long_version = prologue.long_version;
    while (!m_done) {
      yaml_event_t event;
      if (yaml_parser_parse(&m_parser, &event) == 0) return parser_error();
      const EventGuard guard(event);
      KAUDIT_TRY_DO(take(event));
    }
    if (const auto bom = inner_bom()) return differs(k_inner_bom, *bom);
    return std::move(m_tape);
  }

 private:
  /// yaml.v2 reads blocks of 512 bytes, less what an incomplete character left of the block before, and refuses bad
  /// bytes in all it has read, also behind the first document: libyaml is served the same blocks (readerc.go,
  /// yamlprivateh.go input_raw_buffer_size; libyaml's own size is 16384).
  static int serve(void* self, unsigned char* buffer, std::size_t size, std::size_t* given) {
    constexpr std::size_t k_go_block = 512;
    constexpr std::size_t k_libyaml_block = 16384;
    auto& reader = *static_cast<Reader*>(self);
    const std::size_t left = k_libyaml_block - std::min(size, k_libyaml_block);
    const std::size_t room = std::min(size, k_go_block - std::min(left, k_go_block - 1));
    const std::string_view bytes = reader.m_marks.is_utf16() ? reader.m_source.bytes() : reader.m_boms.bytes();
    *given = std::min(room, bytes.size() - reader.m_served);
    std::memcpy(buffer, bytes.data() + reader.m_served, *given);
    reader.m_served += *given;
    reader.m_borders.push_back(reader.m_served);
    return 1;
  }

  [[nodiscard]] Error refuse_at(std::size_t offset, std::string_view code, std::string message,
                                std::string_view hint = {}) const {
    text::Diagnostic finding;
    finding.code = code;
    finding.message = std::move(message);
    finding.hint = hint;
    finding.offset = offset;
    return text::refuse(m_source, finding);
  }

  [[nodiscard]] Error differs(const Difference& difference, std::size_t offset) const {
    if (difference.code == "not-modelled") {
      return refuse_at(offset, difference.code,
                       "not known how Kubernetes reads this: " + std::string(difference.message), difference.hint);
    }
    const std::size_t line = m_source.position(std::min(offset, m_source.bytes().size())).line;
    return refuse_at(offset, difference.code,
                     "yaml: line " + std::to_string(line) + ": " + std::string(difference.message), difference.hint);
  }

  /// The text as yaml.v2 has it: decode.go, parser.fail.
  Error parser_error() {
    if (m_parser.error == YAML_MEMORY_ERROR) return internal_error("out of memory");
    if (const auto bom = inner_bom()) return differs(k_inner_bom, *bom);
    const std::string problem = m_parser.problem == nullptr ? "unknown problem parsing YAML content" : m_parser.problem;
    if (m_parser.error == YAML_READER_ERROR) {
      // libyaml's look-ahead on such a line may have read a block that yaml.v2 has not.
      if (starts_with_bracket(m_marks.offset(m_parser.mark.index)))
        return differs(k_bracket_key, m_parser.problem_offset);
      return refuse_at(m_parser.problem_offset, "yaml-syntax", "yaml: " + problem, k_hint);
    }
    const std::size_t index = m_parser.problem_mark.index;
    const std::size_t offset = m_marks.offset(index);
    if (const auto difference = check_refusal(problem, m_marks.text_from(index))) return differs(*difference, offset);
    const std::size_t token = m_parser.error == YAML_SCANNER_ERROR ? m_parser.context_mark.index : index;
    if (starts_with_bracket(offset) || starts_with_bracket(m_marks.offset(token)) ||
        follows_closed_root(m_source.bytes(), offset))
      return differs(k_bracket_key, offset);
    std::size_t line = m_parser.context_mark.line;
    if (m_parser.problem_mark.line != 0) {
      line = m_parser.problem_mark.line + (m_parser.error == YAML_SCANNER_ERROR ? 1 : 0);
    }
    return refuse_at(offset, "yaml-syntax",
                     "yaml: " + (line == 0 ? "" : "line " + std::to_string(line) + ": ") + problem, k_hint);
  }

  Status take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return take_document_start(event);
      case YAML_DOCUMENT_END_EVENT:
        return take_document_end(event);
      case YAML_STREAM_END_EVENT:
        m_done = true;
        return Done{};
      case YAML_ALIAS_EVENT:
        return take_alias(event);
      case YAML_SCALAR_EVENT:
        return take_scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return take_start(event, TapeNode::Kind::sequence, event.data.sequence_start.anchor,
                          event.data.sequence_start.tag, event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
      case YAML_MAPPING_START_EVENT:
        return take_start(event, TapeNode::Kind::mapping, event.data.mapping_start.anchor, event.data.mapping_start.tag,
                          event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        m_tape.nodes[m_open.back()].link = static_cast<std::uint32_t>(m_tape.nodes.size());
        m_flow_depth -= m_tape.nodes[m_open.back()].flow ? 1U : 0U;
        m_open.pop_back();
        return Done{};
      default:
        return Done{};
    }
  }

  Status take_document_start(const yaml_event_t& event) {
    const yaml_version_directive_t* version = event.data.document_start.version_directive;
    if (version == nullptr) return Done{};
    const std::size_t offset = m_marks.offset(event.start_mark.index);
    if (version->minor == 2) return differs(k_yaml_1_2, offset);
    if (m_long_version) return differs(k_long_version, offset);
    return Done{};
  }

  Status take_document_end(const yaml_event_t& event) {
    m_done = true;
    if (event.data.document_end.implicit == 0) return Done{};
    const std::string_view rest = m_marks.text_from(event.start_mark.index);
    if (!check_text_after_document(rest)) return Done{};
    return differs(k_text_after_document, m_marks.offset(event.start_mark.index));
  }

  /// Checks what every node may have, and puts the node on the tape.
  Result<std::uint32_t> append(const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag) {
    m_bracket_steps += m_flow_depth;
    TapeNode node;
    node.offset = static_cast<std::uint32_t>(m_marks.offset(event.start_mark.index));
    node.line = static_cast<std::uint32_t>(event.start_mark.line) + 1;
    node.tag = tag_of(chars(tag));
    if (m_bracket_steps > k_most_bracket_steps) return differs(k_deep_and_long, node.offset);
    if (node.tag != Tag::none) {
      if (const auto difference = check_tag(m_marks.text_from(event.start_mark.index)))
        return differs(*difference, node.offset);
    }
    const auto index = static_cast<std::uint32_t>(m_tape.nodes.size());
    m_tape.nodes.push_back(node);
    if (anchor != nullptr) m_anchors[std::string(chars(anchor))] = index;
    return index;
  }

  Status take_alias(const yaml_event_t& event) {
    KAUDIT_TRY(index, append(event, nullptr, nullptr));
    const std::string name(chars(event.data.alias.anchor));
    const auto anchor = m_anchors.find(name);
    TapeNode& node = m_tape.nodes[index];
    if (anchor == m_anchors.end()) {
      return refuse_at(node.offset, "yaml-alias", "yaml: unknown anchor '" + name + "' referenced");
    }
    node.kind = TapeNode::Kind::alias;
    node.link = anchor->second;
    return Done{};
  }

  Status take_scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    KAUDIT_TRY(index, append(event, scalar.anchor, scalar.tag));
    TapeNode& node = m_tape.nodes[index];
    const std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
    node.implicit = scalar.plain_implicit != 0;
    node.begin = static_cast<std::uint32_t>(m_tape.text.size());
    node.size = static_cast<std::uint32_t>(value.size());
    m_tape.text += value;
    m_boms.restore(m_tape.text, node.begin);
    if (scalar.style == YAML_PLAIN_SCALAR_STYLE && m_flow_depth > 0 && value.find('?') != std::string_view::npos) {
      return differs(k_question_mark, node.offset);
    }
    if (scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE && value.find('/') != std::string_view::npos) {
      const std::string_view raw = m_marks.text_from(event.start_mark.index);
      if (const auto at = find_slash_escape(raw)) {
        return differs(k_slash_escape, m_marks.is_utf16() ? node.offset : node.offset + *at);
      }
    }
    return Done{};
  }

  Status take_start(const yaml_event_t& event, TapeNode::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag,
                    bool flow) {
    KAUDIT_TRY(index, append(event, anchor, tag));
    TapeNode& node = m_tape.nodes[index];
    node.kind = kind;
    node.flow = flow;
    if (flow && index == 1 && m_tape.nodes[0].kind == TapeNode::Kind::mapping && !m_tape.nodes[0].flow) {
      return differs(k_bracket_key, node.offset);
    }
    m_flow_depth += flow ? 1U : 0U;
    m_open.push_back(index);
    if (m_open.size() > k_deepest) return refuse_at(node.offset, "too-deep", "yaml: exceeded max depth of 10000");
    return Done{};
  }

  /// Whether the line of an error starts with a collection in brackets that may be taken for a key.
  [[nodiscard]] bool starts_with_bracket(std::size_t offset) const {
    const std::string_view line = m_source.line_text(m_source.line_index(std::min(offset, m_source.bytes().size())));
    const std::size_t first = line.find_first_not_of(" \t\xef\xbb\xbf");
    return first != std::string_view::npos && (line[first] == '[' || line[first] == '{');
  }

  /// Offset of a U+FEFF in what was read, other than the first character, whose effect is not known.
  [[nodiscard]] std::optional<std::size_t> inner_bom() const {
    if (m_marks.is_utf16()) {
      return m_marks.text().find("\ufeff") == std::string_view::npos ? std::nullopt : std::optional<std::size_t>(0);
    }
    return m_boms.unknown(m_borders, m_served);
  }

  const text::Source& m_source;
  Marks m_marks;
  InnerBoms m_boms;
  std::vector<std::size_t> m_borders;
  yaml_parser_t m_parser{};
  bool m_ready = false;
  bool m_done = false;
  bool m_long_version = false;
  std::size_t m_served = 0;
  std::size_t m_flow_depth = 0;
  std::size_t m_bracket_steps = 0;
  std::vector<std::uint32_t> m_open;
  std::map<std::string, std::uint32_t> m_anchors;
  Tape m_tape;
};

}  // namespace

Result<Tape> read_tape(const text::Source& source) {
  if (source.bytes().size() > k_largest_text) {
    return text::refuse(source, {text::Severity::error, "not-modelled", {}, std::string(k_too_large.message), {}, 0});
  }
  Reader reader(source);
  return reader.run();
}

}  // namespace kaudit::decode
