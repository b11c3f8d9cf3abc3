#include "yaml_parser.hpp"

#include <algorithm>
#include <utility>

namespace kaudit::decode {

YamlEvent YamlParser::next() {
  if (m_state == State::end || problem().stage != YamlProblem::Stage::none) return {};
  YamlEvent event = step();
  return problem().stage == YamlProblem::Stage::none ? event : YamlEvent{};
}

YamlProblem YamlParser::problem() const { return m_scanner.failed() ? m_scanner.problem() : m_problem; }

YamlEvent YamlParser::step() {
  switch (m_state) {
    case State::stream_start:
      return parse_stream_start();
    case State::implicit_document_start:
    case State::document_start:
      return parse_document_start();
    case State::document_content:
      return parse_document_content();
    case State::document_end:
      return parse_document_end();
    case State::block_node:
      return parse_node(Context::block);
    case State::block_sequence_first_entry:
      return parse_block_sequence_entry(Entry::first);
    case State::block_sequence_entry:
      return parse_block_sequence_entry(Entry::other);
    case State::indentless_sequence_entry:
      return parse_indentless_sequence_entry();
    case State::block_mapping_first_key:
      return parse_block_mapping_key(Entry::first);
    case State::block_mapping_key:
      return parse_block_mapping_key(Entry::other);
    case State::block_mapping_value:
      return parse_block_mapping_value();
    case State::flow_sequence_first_entry:
      return parse_flow_sequence_entry(Entry::first);
    case State::flow_sequence_entry:
      return parse_flow_sequence_entry(Entry::other);
    case State::flow_sequence_pair_key:
      return parse_flow_sequence_pair_key();
    case State::flow_sequence_pair_value:
      return parse_flow_sequence_pair_value();
    case State::flow_sequence_pair_end: {
      YamlEvent event;
      event.kind = YamlEvent::Kind::mapping_end;
      event.start = m_scanner.peek().start;
      m_state = State::flow_sequence_entry;
      return event;
    }
    case State::flow_mapping_first_key:
      return parse_flow_mapping_key(Entry::first);
    case State::flow_mapping_key:
      return parse_flow_mapping_key(Entry::other);
    case State::flow_mapping_value:
      return parse_flow_mapping_value();
    case State::flow_mapping_empty_value:
      return empty_scalar(State::flow_mapping_key, m_scanner.peek().start);
    case State::end:
      break;
  }
  return {};
}

bool YamlParser::is_any_of(std::initializer_list<TokenKind> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind()) != kinds.end();
}

YamlEvent YamlParser::node_then(State next, Context context) {
  m_states.push_back(next);
  return parse_node(context);
}

YamlEvent YamlParser::empty_scalar(State next, const Mark& mark) {
  m_state = next;
  YamlEvent event;
  event.kind = YamlEvent::Kind::scalar;
  event.start = mark;
  event.implicit = true;
  return event;
}

YamlEvent YamlParser::take(YamlEvent::Kind kind) {
  YamlEvent event;
  event.kind = kind;
  event.start = m_scanner.peek().start;
  m_scanner.skip();
  return event;
}

YamlEvent YamlParser::end_collection(YamlEvent::Kind kind) {
  return_to_state();
  m_marks.pop_back();
  return take(kind);
}

void YamlParser::begin_collection() {
  m_marks.push_back(m_scanner.peek().start);
  m_scanner.skip();
}

void YamlParser::return_to_state() {
  m_state = m_states.back();
  m_states.pop_back();
}

YamlEvent YamlParser::fail(std::string_view text, const Mark& mark, const Mark& context) {
  if (m_problem.stage == YamlProblem::Stage::none) m_problem = {YamlProblem::Stage::parser, text, mark, context};
  return {};
}

YamlEvent YamlParser::fail_in_collection(std::string_view text) {
  return fail(text, m_scanner.peek().start, m_marks.back());
}

YamlEvent YamlParser::parse_stream_start() {
  m_state = State::implicit_document_start;
  return take(YamlEvent::Kind::stream_start);
}

YamlEvent YamlParser::parse_document_start() {
  const bool implicit = m_state == State::implicit_document_start;
  while (!implicit && kind() == TokenKind::document_end) m_scanner.skip();
  if (kind() == TokenKind::stream_end) {
    m_state = State::end;
    return take(YamlEvent::Kind::stream_end);
  }
  YamlEvent event;
  event.kind = YamlEvent::Kind::document_start;
  event.start = m_scanner.peek().start;
  const bool bare =
      implicit && !is_any_of({TokenKind::version_directive, TokenKind::tag_directive, TokenKind::document_start});
  process_directives();
  m_states.push_back(State::document_end);
  m_state = bare ? State::block_node : State::document_content;
  if (bare) return event;
  if (kind() != TokenKind::document_start)
    return fail("did not find expected <document start>", m_scanner.peek().start);
  m_scanner.skip();
  return event;
}

YamlEvent YamlParser::parse_document_content() {
  if (is_any_of({TokenKind::version_directive, TokenKind::tag_directive, TokenKind::document_start,
                 TokenKind::document_end, TokenKind::stream_end})) {
    return_to_state();
    return empty_scalar(m_state, m_scanner.peek().start);
  }
  return parse_node(Context::block);
}

YamlEvent YamlParser::parse_document_end() {
  YamlEvent event;
  event.kind = YamlEvent::Kind::document_end;
  event.start = m_scanner.peek().start;
  if (kind() == TokenKind::document_end) m_scanner.skip();
  m_tags.clear();
  m_state = State::document_start;
  return event;
}

void YamlParser::process_directives() {
  bool has_version = false;
  while (is_any_of({TokenKind::version_directive, TokenKind::tag_directive})) {
    const Token& token = m_scanner.peek();
    if (token.kind == TokenKind::tag_directive) {
      add_tag_directive(token);
    } else if (has_version) {
      fail("found duplicate %YAML directive", token.start);
    } else if (token.major != 1 || token.minor != 1) {
      fail("found incompatible YAML document", token.start);
    } else {
      has_version = true;
    }
    if (m_problem.stage != YamlProblem::Stage::none) return;
    m_scanner.skip();
  }
  m_tags.try_emplace("!", "!");
  m_tags.try_emplace("!!", "tag:yaml.org,2002:");
}

void YamlParser::add_tag_directive(const Token& token) {
  if (!m_tags.try_emplace(token.value, token.suffix).second) fail("found duplicate %TAG directive", token.start);
}

}  // namespace kaudit::decode
