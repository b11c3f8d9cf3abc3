#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "yaml_scanner.hpp"

namespace kaudit::decode {

/// One event of a YAML stream (yamlh.go yaml_event_t), as far as the tape needs it.
struct YamlEvent {
  enum class Kind : std::uint8_t {
    none,
    stream_start,
    stream_end,
    document_start,
    document_end,
    alias,
    scalar,
    sequence_start,
    sequence_end,
    mapping_start,
    mapping_end
  };

  Kind kind = Kind::none;
  Mark start;
  /// Of an alias what it names; empty for none.
  std::string anchor;
  std::string tag;
  std::string value;
  /// Scalar: plain without a tag, or with the tag `!`.
  bool implicit = false;
  /// Collection: in brackets.
  bool flow = false;
};

/// yaml.v2's parser (parserc.go of the versions that yaml_input.hpp names): a translation, state by state.
class YamlParser {
 public:
  explicit YamlParser(std::string_view bytes) : m_scanner(bytes) {}

  /// The next event; of kind none after an error.
  [[nodiscard]] YamlEvent next();

  [[nodiscard]] YamlProblem problem() const;
  /// Of the reader's error, in the bytes given.
  [[nodiscard]] std::size_t reader_offset() const noexcept { return m_scanner.reader_offset(); }

 private:
  enum class State : std::uint8_t {
    stream_start,
    implicit_document_start,
    document_start,
    document_content,
    document_end,
    block_node,
    block_sequence_first_entry,
    block_sequence_entry,
    indentless_sequence_entry,
    block_mapping_first_key,
    block_mapping_key,
    block_mapping_value,
    flow_sequence_first_entry,
    flow_sequence_entry,
    flow_sequence_pair_key,
    flow_sequence_pair_value,
    flow_sequence_pair_end,
    flow_mapping_first_key,
    flow_mapping_key,
    flow_mapping_value,
    flow_mapping_empty_value,
    end
  };
  /// Which collections may stand where a node is.
  enum class Context : std::uint8_t { flow, block, block_or_indentless_sequence };
  enum class Entry : std::uint8_t { first, other };

  [[nodiscard]] YamlEvent step();
  [[nodiscard]] YamlEvent parse_stream_start();
  [[nodiscard]] YamlEvent parse_document_start();
  [[nodiscard]] YamlEvent parse_document_content();
  [[nodiscard]] YamlEvent parse_document_end();
  [[nodiscard]] YamlEvent parse_node(Context context);
  [[nodiscard]] YamlEvent parse_block_sequence_entry(Entry entry);
  [[nodiscard]] YamlEvent parse_indentless_sequence_entry();
  [[nodiscard]] YamlEvent parse_block_mapping_key(Entry entry);
  [[nodiscard]] YamlEvent parse_block_mapping_value();
  [[nodiscard]] YamlEvent parse_flow_sequence_entry(Entry entry);
  [[nodiscard]] YamlEvent parse_flow_sequence_pair_key();
  [[nodiscard]] YamlEvent parse_flow_sequence_pair_value();
  [[nodiscard]] YamlEvent parse_flow_mapping_key(Entry entry);
  [[nodiscard]] YamlEvent parse_flow_mapping_value();

  void take_properties(YamlEvent& event);
  void take_tag(YamlEvent& event, const Token& tag);
  [[nodiscard]] YamlEvent node_content(YamlEvent event, Context context);
  void process_directives();
  void add_tag_directive(const Token& token);

  [[nodiscard]] TokenKind kind() { return m_scanner.peek().kind; }
  [[nodiscard]] bool is_any_of(std::initializer_list<TokenKind> kinds);
  [[nodiscard]] YamlEvent node_then(State next, Context context);
  [[nodiscard]] YamlEvent empty_scalar(State next, const Mark& mark);
  [[nodiscard]] YamlEvent end_collection(YamlEvent::Kind kind);
  [[nodiscard]] YamlEvent take(YamlEvent::Kind kind);
  void begin_collection();
  void return_to_state();
  YamlEvent fail(std::string_view text, const Mark& mark, const Mark& context = {});
  YamlEvent fail_in_collection(std::string_view text);

  YamlScanner m_scanner;
  YamlProblem m_problem;
  State m_state = State::stream_start;
  std::vector<State> m_states;
  /// Where the open collections begin.
  std::vector<Mark> m_marks;
  /// Prefix of each handle.
  std::map<std::string, std::string, std::less<>> m_tags;
};

}  // namespace kaudit::decode
