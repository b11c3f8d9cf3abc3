#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "connection.hpp"

namespace kaudit::host {

/// Reads one answer of HTTP/1.1 off a stream: strictly, for what is no HTTP must not be taken for an answer.
/// Source: RFC 9112 sections 4 to 8, RFC 9110 section 15.2.
class HttpReader {
 public:
  /// Appends what comes next, nothing at the end.
  using Source = std::function<std::optional<Trouble>(std::string& bytes)>;

  /// `method`: of the request, for the answer to HEAD has no body.
  HttpReader(Source source, std::string method, std::size_t body_limit);

  /// `answer` is complete when nothing is returned: its outcome is `answered`.
  [[nodiscard]] std::optional<Trouble> read(HttpAnswer& answer);

 private:
  using Failure = std::optional<Trouble>;

  [[nodiscard]] Failure fill();
  [[nodiscard]] Failure read_line(std::string& line);
  [[nodiscard]] Failure read_status(int& status);
  [[nodiscard]] Failure read_fields(HttpAnswer& answer);
  [[nodiscard]] Failure read_body(HttpAnswer& answer);
  [[nodiscard]] Failure read_chunks(std::string& body);
  [[nodiscard]] Failure read_exactly(std::size_t size, std::string& body);
  [[nodiscard]] Failure read_to_end(std::string& body);
  [[nodiscard]] std::size_t room(const std::string& body) const { return m_body_limit - body.size(); }

  Source m_source;
  std::string m_method;
  std::size_t m_body_limit;
  std::size_t m_head_left;  ///< bytes that lines may still have
  std::string m_buffer;     ///< received, not yet read from m_at on
  std::size_t m_at = 0;
  bool m_is_at_end = false;
};

}  // namespace kaudit::host
