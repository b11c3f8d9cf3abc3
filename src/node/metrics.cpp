#include "kaudit/node/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "kaudit/base/ascii.hpp"

namespace kaudit::node {
namespace {

constexpr std::size_t k_longest_sample = std::size_t{64} << 10U;
constexpr std::size_t k_most_samples = 10000;
/// Families come sorted by name, those of auditing early: what this cuts off is not missed.
constexpr std::size_t k_answer_limit = std::size_t{32} << 20U;
constexpr int k_metrics_timeout_ms = 5000;

bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }

bool is_metric_name_character(char c) {
  const char lower = lower_case(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && is_space_or_tab(rest.front())) rest.remove_prefix(1);
}

bool skip(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

std::string_view take_name(std::string_view& rest) {
  std::size_t size = 0;
  while (size < rest.size() && is_metric_name_character(rest[size])) ++size;
  if (size > 0 && rest.front() >= '0' && rest.front() <= '9') return {};
  const std::string_view name = rest.substr(0, size);
  rest.remove_prefix(size);
  return name;
}

/// Behind the opening quotation mark, up to the closing one.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    if (rest[i] != '\\') {
      value += rest[i];
      continue;
    }
    if (++i == rest.size()) break;
    if (rest[i] != 'n' && rest[i] != '\\' && rest[i] != '"') return std::nullopt;
    value += rest[i] == 'n' ? '\n' : rest[i];
  }
  return std::nullopt;
}

/// `a="x",b="y"}`, behind the brace; a comma may stand before the closing one.
std::optional<std::vector<Label>> take_labels(std::string_view& rest) {
  std::vector<Label> labels;
  while (true) {
    skip_blanks(rest);
    if (skip(rest, '}')) return labels;
    if (!labels.empty()) {
      if (!skip(rest, ',')) return std::nullopt;
      skip_blanks(rest);
      if (skip(rest, '}')) return labels;
    }
    const std::string_view name = take_name(rest);
    skip_blanks(rest);
    if (name.empty() || !skip(rest, '=')) return std::nullopt;
    skip_blanks(rest);
    if (!skip(rest, '"')) return std::nullopt;
    auto value = take_quoted(rest);
    if (!value) return std::nullopt;
    labels.emplace_back(std::string(name), *std::move(value));
  }
}

/// A number as Go's ParseFloat takes it, without its hexadecimal form and underscores, which nobody writes here.
std::optional<double> number_in(std::string_view word) {
  const bool is_negative = !word.empty() && word.front() == '-';
  if (is_negative || (!word.empty() && word.front() == '+')) word.remove_prefix(1);
  const std::string lower = lower_case(word);
  double value = std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (lower != "inf" && lower != "infinity") {
    if (word.empty() || !(word.front() == '.' || (word.front() >= '0' && word.front() <= '9'))) return std::nullopt;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  }
  return is_negative ? -value : value;
}

std::string_view take_word_of_sample(std::string_view& rest) {
  skip_blanks(rest);
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(word.size());
  return word;
}

/// Whether nothing follows a value, or only a timestamp in milliseconds.
bool ends_well(std::string_view rest) {
  const std::string_view word = take_word_of_sample(rest);
  skip_blanks(rest);
  if (word.empty()) return rest.empty();
  std::int64_t time = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), time);
  return rest.empty() && error == std::errc() && end == word.data() + word.size();
}

std::optional<Sample> sample_in(std::string_view line) {
  Sample sample;
  const std::string_view name = take_name(line);
  if (name.empty()) return std::nullopt;
  sample.name = name;
  const bool has_gap = !line.empty() && is_space_or_tab(line.front());
  skip_blanks(line);
  const bool has_labels = skip(line, '{');
  if (!has_labels && !has_gap) return std::nullopt;
  if (has_labels) {
    auto labels = take_labels(line);
    if (!labels) return std::nullopt;
    sample.labels = *std::move(labels);
  }
  const auto value = number_in(take_word_of_sample(line));
  if (!value || !ends_well(line)) return std::nullopt;
  sample.value = *value;
  return sample;
}

}  // namespace

std::vector<Sample> parse_metrics(std::string_view text, std::string_view prefix) {
  std::vector<Sample> samples;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    skip_blanks(line);
    if (line.size() > k_longest_sample || line.substr(0, prefix.size()) != prefix) continue;
    if (auto sample = sample_in(line)) samples.push_back(*std::move(sample));
    if (samples.size() == k_most_samples) break;
  }
  return samples;
}

std::optional<double> sum(const std::vector<Sample>& samples, std::string_view name, const std::vector<Label>& labels) {
  std::optional<double> total;
  for (const Sample& sample : samples) {
    if (sample.name != name) continue;
    const bool has_all = std::all_of(labels.begin(), labels.end(), [&](const Label& label) {
      return std::find(sample.labels.begin(), sample.labels.end(), label) != sample.labels.end();
    });
    if (has_all) total = total.value_or(0) + sample.value;
  }
  return total;
}

std::string label_of(const Sample& sample, std::string_view name) {
  const auto found =
      std::find_if(sample.labels.begin(), sample.labels.end(), [&](const Label& label) { return label.first == name; });
  return found == sample.labels.end() ? std::string() : found->second;
}

std::optional<std::string> ask_metrics_text(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                                            int timeout_ms, std::size_t limit) {
  host::HttpRequest request;
  request.target = "/metrics";
  request.timeout_ms = timeout_ms;
  request.body_limit = limit;
  host::HttpAnswer answer = ask_as(root, server, access, std::move(request));
  if (answer.outcome != host::HttpAnswer::Outcome::answered || answer.status != 200) return std::nullopt;
  return std::move(answer.body);
}

std::optional<std::vector<Sample>> ask_metrics(const host::Root& root, const ApiServer& server,
                                               const AdminAccess& access) {
  const std::optional<std::string> text = ask_metrics_text(root, server, access, k_metrics_timeout_ms, k_answer_limit);
  if (!text) return std::nullopt;
  return parse_metrics(*text, k_audit_metrics);
}

}  // namespace kaudit::node
