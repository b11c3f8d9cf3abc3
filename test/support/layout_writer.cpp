#include "support/layout_writer.hpp"

#include <algorithm>
#include <string_view>

namespace kaudit::test {
namespace {

enum class Where { block, flow };

bool is_plain(const std::string& text, Where where) {
  if (text.empty() || text == "true" || text == "null" || text.back() == ' ' || text.back() == ':') return false;
  const std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/";
  const bool flag = text.size() > 2 && text.substr(0, 2) == "--" && letters.find(text[2]) != std::string_view::npos;
  if (!flag && letters.find(text.front()) == std::string_view::npos) return false;
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return false;
  const std::string_view forbidden = where == Where::block ? "\n" : "\n,[]{}:";
  return text.find_first_of(forbidden) == std::string::npos;
}

class Writer {
 public:
  explicit Writer(Random& random)
      : m_random(random),
        m_eol(random.one_in(5) ? "\r\n" : "\n"),
        m_step(random.of<std::size_t>({2, 2, 2, 3, 4})),
        m_offset(random.of<std::size_t>({0, 0, 2, 2, 1, 4})),
        m_dash(random.one_in(6) ? "-   " : "- "),
        m_comments(random.of<std::size_t>({3, 6, 20, 1000})) {}

  std::string document(const Model& model) {
    if (m_random.one_in(8)) m_out += "\xEF\xBB\xBF";
    if (m_random.one_in(4)) m_out += (m_random.one_in(3) ? "--- # start" : "---") + m_eol;
    lines_between(0);
    map(model, 0);
    lines_between(0);
    if (m_random.one_in(6)) {
      m_out += "..." + m_eol;
    } else if (m_random.one_in(5)) {
      m_out.resize(m_out.size() - m_eol.size());
    }
    return std::move(m_out);
  }

 private:
  void indent(std::size_t column) { m_out.append(column, ' '); }

  /// Comment and blank lines. Directly below a block scalar only what cannot be text of it.
  void lines_between(std::size_t column) {
    while (m_random.one_in(m_comments)) {
      if (m_below_block_scalar) {
        m_out += "# below a block scalar" + m_eol;
      } else if (m_random.one_in(3)) {
        m_out += m_eol;
      } else {
        indent(m_random.one_in(2) ? column : m_random.below(column + 4));
        m_out += m_random.of({"# a comment", "#- item: [x", "# \"quoted 'and not", "#", "# ends: |"}) + m_eol;
      }
    }
  }

  void line_end() {
    // libyaml takes no tab behind a dash, not even before a comment.
    const std::string tab = m_out.back() == '-' ? "" : "\t# tab";
    if (m_random.one_in(m_comments)) m_out += m_random.of<std::string>({" # comment", "   #x", tab, "  "});
    m_out += m_eol;
    m_below_block_scalar = false;
  }

  void map(const Model& model, std::size_t column, bool first_stands = false) {
    for (const auto& [name, value] : model.entries) {
      if (!first_stands) {
        lines_between(column);
        indent(column);
      }
      first_stands = false;
      key(name);
      member(value, column, column + m_step, column + m_offset);
    }
  }

  void key(const std::string& name) {
    const std::string quote = m_random.one_in(12) ? m_random.of({"\"", "'"}) : "";
    m_out += quote + name + quote + (m_random.one_in(12) ? " :" : ":");
  }

  void list(const Model& model, std::size_t column) {
    for (const Model& item : model.items) {
      lines_between(column);
      indent(column);
      if (item.kind == Model::Kind::map && !item.entries.empty() && !m_random.one_in(8)) {
        m_out += m_dash;
        map(item, column + m_dash.size(), true);
      } else {
        m_out += "-";
        member(item, column, column + 2 + m_random.below(2), column + 2);
      }
    }
  }

  /// A value behind `:` or `-`.
  void member(const Model& value, std::size_t column, std::size_t map_column, std::size_t list_column) {
    const bool collection = value.kind == Model::Kind::list || value.kind == Model::Kind::map;
    const bool empty = collection && value.items.empty() && value.entries.empty();
    if (empty) {
      const bool list = value.kind == Model::Kind::list;
      m_out += list ? m_random.of({"", " null", " ~", " []", "  [ ]", " Null"}) : m_random.of({" {}", " { }"});
      line_end();
    } else if (!collection) {
      scalar(value, column);
    } else if (m_random.one_in(10)) {
      m_out += " ";
      flow(value, column + 1);
      line_end();
    } else {
      line_end();
      value.kind == Model::Kind::map ? map(value, map_column) : list(value, list_column);
    }
  }

  void scalar(const Model& value, std::size_t column) {
    const std::string& text = value.text;
    const bool lines = text.find('\n') != std::string::npos;
    const bool words = text.find(' ') != std::string::npos && text.find("  ") == std::string::npos;
    const bool good_start = !text.empty() && text.front() != ' ' && text.front() != '\n';
    if (value.kind == Model::Kind::text && good_start && (lines ? m_random.one_in(2) : m_random.one_in(20))) {
      literal(text, column + 1 + m_random.below(4));
      return;
    }
    if (value.kind == Model::Kind::text && words && !lines && good_start && m_random.one_in(3)) {
      folded(text, column + 1 + m_random.below(4));
      return;
    }
    if (m_random.one_in(20)) {
      line_end();
      indent(column + 1 + m_random.below(3));
    } else {
      m_out += m_random.one_in(10) ? "   " : " ";
    }
    if (value.kind == Model::Kind::word) {
      m_out += text;
    } else {
      m_out += quoted(text, Where::block, words ? m_eol + std::string(column + 1 + m_random.below(4), ' ') : " ");
    }
    line_end();
  }

  void literal(const std::string& text, std::size_t column) {
    const std::size_t last = text.find_last_not_of('\n');
    const std::size_t feeds = text.size() - 1 - last;
    m_out += feeds == 0 ? " |-" : (feeds == 1 ? " |" : " |+");
    line_end();
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t feed = std::min(text.find('\n', at), text.size());
      if (feed != at) indent(column);
      m_out += text.substr(at, feed - at) + m_eol;
      at = feed + 1;
    }
    m_below_block_scalar = true;
  }

  void folded(const std::string& text, std::size_t column) {
    m_out += " >-";
    line_end();
    indent(column);
    m_out += broken(text, m_eol + std::string(column, ' ')) + m_eol;
    m_below_block_scalar = true;
  }

  /// Some of the blanks between words become line breaks.
  std::string broken(const std::string& text, const std::string& line_break) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool between = text[i] == ' ' && i + 1 < text.size() && text[i + 1] != '#' && i > 0;
      if (between && m_random.one_in(3)) {
        out += line_break;
      } else {
        out += text[i];
      }
    }
    return out;
  }

  std::string quoted(const std::string& text, Where where, const std::string& line_break) {
    const bool printable = text.find('\n') == std::string::npos;
    const std::size_t style = m_random.below(6);
    if (style < 4 && is_plain(text, where)) return style == 0 ? broken(text, line_break) : text;
    std::string out;
    if (style == 4 && printable) {
      for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
      return "'" + broken(out, line_break) + "'";
    }
    for (const char c : text) {
      if (c == '\n') {
        out += "\\n";
      } else {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
    }
    return "\"" + (m_random.one_in(2) ? broken(out, line_break) : out) + "\"";
  }

  /// In brackets, on one line or with one member a line, always indented by `column` at least.
  void flow(const Model& value, std::size_t column) {
    if (value.kind == Model::Kind::word) {
      m_out += value.text;
      return;
    }
    if (value.kind == Model::Kind::text) {
      m_out += quoted(value.text, Where::flow, " ");
      return;
    }
    const bool is_map = value.kind == Model::Kind::map;
    const std::size_t count = is_map ? value.entries.size() : value.items.size();
    const bool lines = count != 0 && m_random.one_in(3);
    const bool trailing = count != 0 && m_random.one_in(6);
    m_out += is_map ? "{" : "[";
    for (std::size_t i = 0; i < count; ++i) {
      if (lines) {
        line_end();
        indent(column + 2);
      } else if (i != 0 || m_random.one_in(6)) {
        m_out += " ";
      }
      if (is_map) m_out += quoted(value.entries[i].key, Where::flow, " ") + ": ";
      flow(is_map ? value.entries[i].value : value.items[i], column + 2);
      if (i + 1 < count || trailing) m_out += ",";
    }
    if (lines) {
      line_end();
      indent(column);
    }
    m_out += is_map ? "}" : "]";
  }

  Random& m_random;
  std::string m_out;
  std::string m_eol;
  std::size_t m_step;
  std::size_t m_offset;
  std::string m_dash;
  std::size_t m_comments;
  bool m_below_block_scalar = false;
};

class JsonWriter {
 public:
  explicit JsonWriter(Random& random)
      : m_random(random),
        m_indentation(random.of<std::string>({"", "  ", "    ", "\t"})),
        m_eol(m_indentation.empty() ? "" : (random.one_in(5) ? "\r\n" : "\n")),
        m_blank(m_indentation.empty() && random.one_in(2) ? "" : " ") {}

  std::string document(const Model& model) {
    value(model, 0);
    if (!m_random.one_in(4)) m_out += m_eol.empty() ? "\n" : m_eol;
    return std::move(m_out);
  }

 private:
  void line(std::size_t level) {
    m_out += m_eol;
    for (std::size_t i = 0; i < level; ++i) m_out += m_indentation;
  }

  void string(const std::string& text) {
    m_out += '"';
    for (const char c : text) {
      if (c == '\n') {
        m_out += "\\n";
      } else {
        if (c == '"' || c == '\\') m_out += '\\';
        m_out += c;
      }
    }
    m_out += '"';
  }

  void value(const Model& model, std::size_t level) {
    if (model.kind == Model::Kind::text) return string(model.text);
    if (model.kind == Model::Kind::word) {
      m_out += model.text;
      return;
    }
    const bool is_map = model.kind == Model::Kind::map;
    const std::size_t count = is_map ? model.entries.size() : model.items.size();
    if (count == 0) {
      m_out += is_map ? "{}" : m_random.of({"[]", "null"});
      return;
    }
    m_out += is_map ? '{' : '[';
    for (std::size_t i = 0; i < count; ++i) {
      if (i != 0) m_out += m_eol.empty() ? "," + m_blank : ",";
      line(level + 1);
      if (is_map) {
        string(model.entries[i].key);
        m_out += ":" + m_blank;
      }
      value(is_map ? model.entries[i].value : model.items[i], level + 1);
    }
    line(level);
    m_out += is_map ? '}' : ']';
  }

  Random& m_random;
  std::string m_out;
  std::string m_indentation;
  std::string m_eol;
  std::string m_blank;
};

}  // namespace

std::string write_block(Random& random, const Model& model) { return Writer(random).document(model); }

std::string write_json(Random& random, const Model& model) { return JsonWriter(random).document(model); }

}  // namespace kaudit::test
