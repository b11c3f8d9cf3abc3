#include "list_options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "kaudit/base/ascii.hpp"

namespace kaudit::policy {
namespace {

/// The first value of each option that can be wrong.
struct Options {
  std::optional<std::string> field_selector;
  std::optional<std::string> label_selector;
  std::optional<std::string> limit;
  std::optional<std::string> timeout_seconds;

  std::optional<std::string>* called(std::string_view key) {
    if (key == "fieldSelector") return &field_selector;
    if (key == "labelSelector") return &label_selector;
    if (key == "limit") return &limit;
    return key == "timeoutSeconds" ? &timeout_seconds : nullptr;
  }
};

/// A pair that cannot be unescaped is left out, and the others count.
Options options_of(std::string_view query) {
  Options options;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.find(';') != std::string_view::npos) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const Unescaped key = unescaped(pair.substr(0, equals), Plus::blank);
    std::optional<std::string>* option = key.is_whole ? options.called(key.text) : nullptr;
    if (option == nullptr || option->has_value()) continue;
    Unescaped value = unescaped(pair.substr(std::min(equals + 1, pair.size())), Plus::blank);
    if (value.is_whole) *option = std::move(value.text);
  }
  return options;
}

/// splitTerms, sorted as parseSelector does: which of two terms comes first is not that which was written first.
std::vector<std::string_view> sorted_terms(std::string_view selector) {
  std::vector<std::string_view> terms;
  std::size_t begin = 0;
  bool is_escaped = false;
  for (std::size_t i = 0; i < selector.size(); ++i) {
    if (is_escaped) {
      is_escaped = false;
    } else if (selector[i] == '\\') {
      is_escaped = true;
    } else if (selector[i] == ',') {
      terms.push_back(selector.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  terms.push_back(selector.substr(begin));
  std::sort(terms.begin(), terms.end());
  return terms;
}

/// UnescapeValue: a backslash stands before backslash, comma and equals sign only, and the latter two never without.
std::optional<std::string> unescaped_value(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',' || text[i] == '=') return std::nullopt;
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || std::string_view("\\,=").find(text[i]) == std::string_view::npos) return std::nullopt;
    }
    value += text[i];
  }
  return value;
}

struct Term {
  std::string_view field;
  bool is_exact = false;
  std::string value;
};

std::optional<Term> read_term(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const bool is_unequal = rest.starts_with("!=");
    if (!is_unequal && rest.front() != '=') continue;
    auto value = unescaped_value(rest.substr(is_unequal || rest.starts_with("==") ? 2 : 1));
    if (!value) return std::nullopt;
    return Term{text.substr(0, i), !is_unequal, *std::move(value)};
  }
  return std::nullopt;
}

/// RequiresExactMatch("metadata.name"); "" where there is none, or the selector cannot be read.
std::string exact_name(std::string_view selector) {
  std::optional<std::string> name;
  for (const std::string_view text : sorted_terms(selector)) {
    if (text.empty()) continue;
    auto term = read_term(text);
    if (!term) return {};
    if (!name && term->is_exact && term->field == "metadata.name") name = std::move(term->value);
  }
  return std::move(name).value_or("");
}

bool is_path_segment(std::string_view name) {
  return name != "." && name != ".." && name.find_first_of("/%") == std::string_view::npos;
}

}  // namespace

Unescaped unescaped(std::string_view text, Plus plus) {
  Unescaped out;
  out.text.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.text += text[i] == '+' && plus == Plus::blank ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out.text += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out.text += text[i];
      out.is_whole = false;
    }
  }
  return out;
}

bool is_int64(std::string_view text) noexcept {
  const bool has_plus = text.starts_with('+');
  if (has_plus) text.remove_prefix(1);
  if (has_plus && text.starts_with('-')) return false;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

std::string name_selected(std::string_view query) {
  const Options options = options_of(query);
  if (!options.field_selector) return {};
  for (const auto* number : {&options.limit, &options.timeout_seconds}) {
    if (*number && !is_int64(**number)) return {};
  }
  if (options.label_selector && !is_label_selector(*options.label_selector)) return {};
  std::string name = exact_name(*options.field_selector);
  return is_path_segment(name) ? name : std::string();
}

}  // namespace kaudit::policy
