#include "kaudit/text/source.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace kaudit::text {
namespace {

constexpr std::string_view k_bom = "\xEF\xBB\xBF";

std::vector<std::size_t> find_line_starts(std::string_view bytes) {
  std::vector<std::size_t> starts;
  starts.reserve(static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1);
  starts.push_back(0);
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    starts.push_back(at + 1);
  }
  return starts;
}

}  // namespace

Source::Source(std::string name, std::string bytes)
    : m_name(std::move(name)), m_bytes(std::make_shared<const std::string>(std::move(bytes))) {
  if (this->bytes().substr(0, k_bom.size()) == k_bom) m_bom_size = k_bom.size();
  m_line_starts = std::make_shared<const std::vector<std::size_t>>(find_line_starts(this->bytes()));
}

std::size_t Source::line_index(std::size_t offset) const {
  assert(offset <= m_bytes->size());
  const auto behind = std::upper_bound(m_line_starts->begin(), m_line_starts->end(), offset);
  return static_cast<std::size_t>(behind - m_line_starts->begin()) - 1;
}

Position Source::position(std::size_t offset) const {
  const std::size_t index = line_index(offset);
  const std::size_t begin = index == 0 ? std::min(m_bom_size, offset) : (*m_line_starts)[index];
  return {index + 1, offset - begin + 1};
}

Span Source::line_span(std::size_t index) const {
  assert(index < m_line_starts->size());
  const bool last = index + 1 == m_line_starts->size();
  return {(*m_line_starts)[index], last ? m_bytes->size() : (*m_line_starts)[index + 1]};
}

std::string_view Source::line_text(std::size_t index) const {
  const std::string_view line = text(line_span(index));
  return line.substr(0, line.size() - line_ending(index).size());
}

std::string_view Source::line_ending(std::size_t index) const {
  const std::string_view line = text(line_span(index));
  if (line.empty() || line.back() != '\n') return {};
  const bool two = line.size() >= 2 && line[line.size() - 2] == '\r';
  return line.substr(line.size() - (two ? 2 : 1));
}

std::string_view Source::ending_beside(std::size_t index) const {
  if (const std::string_view own = line_ending(index); !own.empty()) return own;
  return index == 0 ? std::string_view("\n") : line_ending(index - 1);
}

}  // namespace kaudit::text
