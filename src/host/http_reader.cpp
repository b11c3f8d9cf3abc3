#include "http_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "kaudit/base/ascii.hpp"

namespace kaudit::host {
namespace {

/// Bytes that the status line, all header fields and the lines between chunks may have together.
constexpr std::size_t k_head_limit = std::size_t{256} << 10U;

Trouble no_http(const std::string& what) { return {HttpAnswer::Outcome::failed, "the answer is no HTTP/1.1: " + what}; }

Trouble cut() { return {HttpAnswer::Outcome::failed, "the connection ended before the answer did"}; }

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> size_in(std::string_view text, int base) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return size;
}

std::vector<std::string> values_of(const HttpAnswer& answer, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : answer.headers) {
    if (lower_case(key) == name) values.push_back(value);
  }
  return values;
}

}  // namespace

HttpReader::HttpReader(Source source, std::string method, std::size_t body_limit)
    : m_source(std::move(source)), m_method(std::move(method)), m_body_limit(body_limit), m_head_left(k_head_limit) {}

std::optional<Trouble> HttpReader::read(HttpAnswer& answer) {
  do {  // 1xx: not yet the answer
    answer.headers.clear();
    if (auto trouble = read_status(answer.status)) return trouble;
    if (auto trouble = read_fields(answer)) return trouble;
  } while (answer.status < 200);
  const bool has_body = m_method != "HEAD" && answer.status != 204 && answer.status != 304;
  if (has_body) {
    if (auto trouble = read_body(answer)) return trouble;
  }
  answer.outcome = HttpAnswer::Outcome::answered;
  return std::nullopt;
}

HttpReader::Failure HttpReader::fill() {
  m_buffer.erase(0, m_at);
  m_at = 0;
  const std::size_t before = m_buffer.size();
  if (auto trouble = m_source(m_buffer)) return trouble;
  m_is_at_end = m_buffer.size() == before;
  return std::nullopt;
}

/// Up to the next line feed, without it and the carriage return before it.
HttpReader::Failure HttpReader::read_line(std::string& line) {
  std::size_t end = 0;
  while ((end = m_buffer.find('\n', m_at)) == std::string::npos) {
    if (m_buffer.size() - m_at > m_head_left) return no_http("its header is too long");
    if (auto trouble = fill()) return trouble;
    if (m_is_at_end) return cut();
  }
  line = m_buffer.substr(m_at, end - m_at);
  m_at = end + 1;
  if (line.size() >= m_head_left) return no_http("its header is too long");
  m_head_left -= line.size() + 1;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return std::nullopt;
}

/// "HTTP/1.1 200 OK"; the words at the end may be missing.
HttpReader::Failure HttpReader::read_status(int& status) {
  constexpr std::string_view k_version = "HTTP/1.";
  constexpr std::size_t k_code = 9;
  constexpr std::size_t k_end = 12;
  // What is no HTTP may have no line feed, and its sender may wait for us: told from its first bytes.
  while (m_buffer.size() - m_at < k_version.size()) {
    if (auto trouble = fill()) return trouble;
    if (m_is_at_end) return cut();
  }
  if (m_buffer.compare(m_at, k_version.size(), k_version) != 0) return no_http("it begins otherwise");
  std::string line;
  if (auto trouble = read_line(line)) return trouble;
  const bool is_long_enough = line.size() == k_end || (line.size() > k_end && line[k_end] == ' ');
  if (!is_long_enough || !is_digit(line[k_version.size()]) || line[k_code - 1] != ' ' ||
      !std::all_of(line.begin() + k_code, line.begin() + k_end, is_digit) || line[k_code] == '0') {
    return no_http("its status line is \"" + one_line(line.substr(0, 60)) + "\"");
  }
  status = static_cast<int>(size_in(std::string_view(line).substr(k_code, 3), 10).value_or(0));
  return std::nullopt;
}

HttpReader::Failure HttpReader::read_fields(HttpAnswer& answer) {
  std::string line;
  while (true) {
    if (auto trouble = read_line(line)) return trouble;
    if (line.empty()) return std::nullopt;
    const std::size_t colon = line.find(':');
    // A blank in a name would be the obsolete folding of lines, or smuggling.
    if (colon == 0 || colon == std::string::npos || line.find_first_of(" \t") < colon) {
      return no_http("a header field has no name");
    }
    answer.headers.emplace_back(line.substr(0, colon), trimmed(std::string_view(line).substr(colon + 1)));
  }
}

HttpReader::Failure HttpReader::read_body(HttpAnswer& answer) {
  const std::vector<std::string> codings = values_of(answer, "transfer-encoding");
  if (!codings.empty()) {
    if (codings.size() == 1 && lower_case(codings.front()) == "chunked") return read_chunks(answer.body);
    return no_http("its transfer coding is unknown");
  }
  const std::vector<std::string> lengths = values_of(answer, "content-length");
  if (lengths.empty()) return read_to_end(answer.body);
  const auto size = size_in(lengths.front(), 10);
  if (!size || lengths != std::vector(lengths.size(), lengths.front())) return no_http("its content length is unclear");
  return read_exactly(*size, answer.body);
}

HttpReader::Failure HttpReader::read_chunks(std::string& body) {
  std::string line;
  while (true) {
    if (auto trouble = read_line(line)) return trouble;
    const std::string_view digits = trimmed(std::string_view(line).substr(0, line.find(';')));
    const auto size = size_in(digits, 16);
    if (!size) return no_http("a chunk has no size");
    if (*size == 0) break;
    const bool is_cut = *size > room(body);
    if (auto trouble = read_exactly(*size, body)) return trouble;
    if (is_cut) return std::nullopt;
    if (auto trouble = read_line(line)) return trouble;
    if (!line.empty()) return no_http("a chunk is longer than its size");
  }
  do {  // trailers
    if (auto trouble = read_line(line)) return trouble;
  } while (!line.empty());
  return std::nullopt;
}

/// `size` bytes more, or as many as the limit allows.
HttpReader::Failure HttpReader::read_exactly(std::size_t size, std::string& body) {
  std::size_t left = std::min(size, room(body));
  while (left > 0) {
    if (m_at == m_buffer.size()) {
      if (auto trouble = fill()) return trouble;
      if (m_is_at_end) return cut();
    }
    const std::size_t taken = std::min(left, m_buffer.size() - m_at);
    body.append(m_buffer, m_at, taken);
    m_at += taken;
    left -= taken;
  }
  return std::nullopt;
}

HttpReader::Failure HttpReader::read_to_end(std::string& body) {
  while (room(body) > 0) {
    const std::size_t taken = std::min(room(body), m_buffer.size() - m_at);
    body.append(m_buffer, m_at, taken);
    m_at += taken;
    if (m_is_at_end) return std::nullopt;
    if (m_at < m_buffer.size()) continue;
    if (auto trouble = fill()) return trouble;
  }
  return std::nullopt;
}

}  // namespace kaudit::host
