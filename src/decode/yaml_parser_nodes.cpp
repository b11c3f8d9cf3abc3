#include <utility>

#include "yaml_parser.hpp"

namespace kaudit::decode {

YamlEvent YamlParser::parse_node(Context context) {
  if (kind() == TokenKind::alias) {
    return_to_state();
    YamlEvent event;
    event.kind = YamlEvent::Kind::alias;
    event.start = m_scanner.peek().start;
    event.anchor = m_scanner.peek().value;
    m_scanner.skip();
    return event;
  }
  YamlEvent event;
  event.start = m_scanner.peek().start;
  take_properties(event);
  if (m_problem.stage != YamlProblem::Stage::none) return {};
  return node_content(std::move(event), context);
}

/// An anchor and a tag, in either order.
void YamlParser::take_properties(YamlEvent& event) {
  const auto take_anchor = [&] {
    if (kind() != TokenKind::anchor) return;
    event.anchor = m_scanner.peek().value;
    m_scanner.skip();
  };
  const bool anchor_first = kind() == TokenKind::anchor;
  take_anchor();
  if (kind() != TokenKind::tag) return;
  const Token tag = m_scanner.peek();
  m_scanner.skip();
  if (!anchor_first) take_anchor();
  // yaml.v2 looks at the token behind it before it looks the handle up.
  if (kind() != TokenKind::none) take_tag(event, tag);
}

void YamlParser::take_tag(YamlEvent& event, const Token& tag) {
  if (tag.value.empty()) {
    event.tag = tag.suffix;
    return;
  }
  const auto prefix = m_tags.find(tag.value);
  if (prefix != m_tags.end()) event.tag = prefix->second + tag.suffix;
  if (event.tag.empty()) fail("found undefined tag handle", tag.start, event.start);
}

YamlEvent YamlParser::node_content(YamlEvent event, Context context) {
  const bool block = context != Context::flow;
  const auto collection = [&](YamlEvent::Kind kind, State next) {
    event.kind = kind;
    m_state = next;
    return std::move(event);
  };
  switch (kind()) {
    case TokenKind::block_entry:
      if (context != Context::block_or_indentless_sequence) break;
      return collection(YamlEvent::Kind::sequence_start, State::indentless_sequence_entry);
    case TokenKind::scalar: {
      const Token& token = m_scanner.peek();
      event.kind = YamlEvent::Kind::scalar;
      event.value = token.value;
      event.implicit = (event.tag.empty() && token.plain) || event.tag == "!";
      return_to_state();
      m_scanner.skip();
      return event;
    }
    case TokenKind::flow_sequence_start:
      event.flow = true;
      return collection(YamlEvent::Kind::sequence_start, State::flow_sequence_first_entry);
    case TokenKind::flow_mapping_start:
      event.flow = true;
      return collection(YamlEvent::Kind::mapping_start, State::flow_mapping_first_key);
    case TokenKind::block_sequence_start:
      if (!block) break;
      return collection(YamlEvent::Kind::sequence_start, State::block_sequence_first_entry);
    case TokenKind::block_mapping_start:
      if (!block) break;
      return collection(YamlEvent::Kind::mapping_start, State::block_mapping_first_key);
    default:
      break;
  }
  if (event.anchor.empty() && event.tag.empty()) {
    return fail("did not find expected node content", m_scanner.peek().start, event.start);
  }
  event.kind = YamlEvent::Kind::scalar;
  event.implicit = event.tag.empty();
  return_to_state();
  return event;
}

YamlEvent YamlParser::parse_block_sequence_entry(Entry entry) {
  if (entry == Entry::first) begin_collection();
  if (kind() == TokenKind::block_entry) {
    const Mark mark = m_scanner.peek().end;
    m_scanner.skip();
    if (is_any_of({TokenKind::block_entry, TokenKind::block_end})) {
      return empty_scalar(State::block_sequence_entry, mark);
    }
    return node_then(State::block_sequence_entry, Context::block);
  }
  if (kind() == TokenKind::block_end) return end_collection(YamlEvent::Kind::sequence_end);
  return fail_in_collection("did not find expected '-' indicator");
}

YamlEvent YamlParser::parse_indentless_sequence_entry() {
  if (kind() == TokenKind::block_entry) {
    const Mark mark = m_scanner.peek().end;
    m_scanner.skip();
    if (is_any_of({TokenKind::block_entry, TokenKind::key, TokenKind::value, TokenKind::block_end})) {
      return empty_scalar(State::indentless_sequence_entry, mark);
    }
    return node_then(State::indentless_sequence_entry, Context::block);
  }
  return_to_state();
  YamlEvent event;
  event.kind = YamlEvent::Kind::sequence_end;
  event.start = m_scanner.peek().start;
  return event;
}

YamlEvent YamlParser::parse_block_mapping_key(Entry entry) {
  if (entry == Entry::first) begin_collection();
  if (kind() == TokenKind::key) {
    const Mark mark = m_scanner.peek().end;
    m_scanner.skip();
    if (is_any_of({TokenKind::key, TokenKind::value, TokenKind::block_end})) {
      return empty_scalar(State::block_mapping_value, mark);
    }
    return node_then(State::block_mapping_value, Context::block_or_indentless_sequence);
  }
  if (kind() == TokenKind::block_end) return end_collection(YamlEvent::Kind::mapping_end);
  return fail_in_collection("did not find expected key");
}

YamlEvent YamlParser::parse_block_mapping_value() {
  if (kind() != TokenKind::value) return empty_scalar(State::block_mapping_key, m_scanner.peek().start);
  const Mark mark = m_scanner.peek().end;
  m_scanner.skip();
  if (is_any_of({TokenKind::key, TokenKind::value, TokenKind::block_end})) {
    return empty_scalar(State::block_mapping_key, mark);
  }
  return node_then(State::block_mapping_key, Context::block_or_indentless_sequence);
}

YamlEvent YamlParser::parse_flow_sequence_entry(Entry entry) {
  if (entry == Entry::first) begin_collection();
  if (kind() != TokenKind::flow_sequence_end) {
    if (entry == Entry::other) {
      if (kind() != TokenKind::flow_entry) return fail_in_collection("did not find expected ',' or ']'");
      m_scanner.skip();
    }
    if (kind() == TokenKind::key) {
      m_state = State::flow_sequence_pair_key;
      YamlEvent event = take(YamlEvent::Kind::mapping_start);
      event.flow = true;
      return event;
    }
    if (kind() != TokenKind::flow_sequence_end) return node_then(State::flow_sequence_entry, Context::flow);
  }
  return end_collection(YamlEvent::Kind::sequence_end);
}

YamlEvent YamlParser::parse_flow_sequence_pair_key() {
  if (!is_any_of({TokenKind::value, TokenKind::flow_entry, TokenKind::flow_sequence_end})) {
    return node_then(State::flow_sequence_pair_value, Context::flow);
  }
  const Mark mark = m_scanner.peek().end;
  m_scanner.skip();
  return empty_scalar(State::flow_sequence_pair_value, mark);
}

YamlEvent YamlParser::parse_flow_sequence_pair_value() {
  Mark mark = m_scanner.peek().start;
  if (kind() == TokenKind::value) {
    m_scanner.skip();
    if (!is_any_of({TokenKind::flow_entry, TokenKind::flow_sequence_end})) {
      return node_then(State::flow_sequence_pair_end, Context::flow);
    }
  }
  return empty_scalar(State::flow_sequence_pair_end, mark);
}

YamlEvent YamlParser::parse_flow_mapping_key(Entry entry) {
  if (entry == Entry::first) begin_collection();
  if (kind() != TokenKind::flow_mapping_end) {
    if (entry == Entry::other) {
      if (kind() != TokenKind::flow_entry) return fail_in_collection("did not find expected ',' or '}'");
      m_scanner.skip();
    }
    if (kind() == TokenKind::key) {
      m_scanner.skip();
      if (!is_any_of({TokenKind::value, TokenKind::flow_entry, TokenKind::flow_mapping_end})) {
        return node_then(State::flow_mapping_value, Context::flow);
      }
      return empty_scalar(State::flow_mapping_value, m_scanner.peek().start);
    }
    if (kind() != TokenKind::flow_mapping_end) return node_then(State::flow_mapping_empty_value, Context::flow);
  }
  return end_collection(YamlEvent::Kind::mapping_end);
}

YamlEvent YamlParser::parse_flow_mapping_value() {
  if (kind() == TokenKind::value) {
    m_scanner.skip();
    if (!is_any_of({TokenKind::flow_entry, TokenKind::flow_mapping_end})) {
      return node_then(State::flow_mapping_key, Context::flow);
    }
  }
  return empty_scalar(State::flow_mapping_key, m_scanner.peek().start);
}

}  // namespace kaudit::decode
