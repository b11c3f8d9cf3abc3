#include "rfc3339.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "kaudit/base/ascii.hpp"

namespace kaudit::policy {
namespace {

/// Takes parts off the front of a text; once something does not fit, everything fails.
class Parts {
 public:
  explicit Parts(std::string_view text) noexcept : m_text(text) {}

  /// A number of exactly `digits` digits, or of one less if that is allowed.
  int number(std::size_t digits, std::size_t fewest) noexcept {
    int value = 0;
    std::size_t count = 0;
    while (count < digits && count < m_text.size() && is_digit(m_text[count])) {
      value = value * 10 + (m_text[count++] - '0');
    }
    if (count < fewest) m_fits = false;
    m_text.remove_prefix(count);
    return value;
  }

  int number(std::size_t digits) noexcept { return number(digits, digits); }

  void sign(char wanted) noexcept {
    if (m_text.empty() || m_text.front() != wanted) {
      m_fits = false;
    } else {
      m_text.remove_prefix(1);
    }
  }

  void fraction() noexcept {
    if (m_text.size() < 2 || (m_text[0] != '.' && m_text[0] != ',') || !is_digit(m_text[1])) return;
    m_text.remove_prefix(1);
    while (!m_text.empty() && is_digit(m_text.front())) m_text.remove_prefix(1);
  }

  void zone() noexcept {
    if (m_text == "Z") {
      m_text = {};
      return;
    }
    constexpr int k_most_hours = 24;
    constexpr int k_most_minutes = 60;
    if (m_text.empty() || (m_text.front() != '+' && m_text.front() != '-')) m_fits = false;
    if (!m_fits) return;
    m_text.remove_prefix(1);
    const int hours = number(2);
    sign(':');
    const int minutes = number(2);
    if (hours > k_most_hours || minutes > k_most_minutes) m_fits = false;
  }

  void require(bool condition) noexcept { m_fits = m_fits && condition; }
  [[nodiscard]] bool fits_whole() const noexcept { return m_fits && m_text.empty(); }

 private:
  std::string_view m_text;
  bool m_fits = true;
};

int days_in(int month, int year) noexcept {
  constexpr std::array<int, 12> k_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month < 1 || month > 12) return 0;
  return month == 2 && leap ? 29 : k_days[static_cast<std::size_t>(month) - 1];
}

}  // namespace

bool is_rfc3339(std::string_view text) noexcept {
  Parts parts(text);
  const int year = parts.number(4);
  parts.sign('-');
  const int month = parts.number(2);
  parts.sign('-');
  const int day = parts.number(2);
  parts.require(day >= 1 && day <= days_in(month, year));
  parts.sign('T');
  parts.require(parts.number(2, 1) < 24);
  parts.sign(':');
  parts.require(parts.number(2) < 60);
  parts.sign(':');
  parts.require(parts.number(2) < 60);
  parts.fraction();
  parts.zone();
  return parts.fits_whole();
}

}  // namespace kaudit::policy
