#include "run_id.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <sys/random.h>
#include <unistd.h>

#include "kaudit/rollout/history.hpp"

namespace kaudit::rollout {
namespace {

/// What a character of an id may be: d digit, x hexadecimal digit, anything else itself.
constexpr std::string_view k_shape = "ddddddddTdddddd.dddZ-xxxxxx";

std::string padded(long long number, std::size_t width) {
  std::string text = std::to_string(number);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

bool fits(char shape, char c) {
  const bool is_digit = c >= '0' && c <= '9';
  if (shape == 'd') return is_digit;
  if (shape == 'x') return is_digit || (c >= 'a' && c <= 'f');
  return c == shape;
}

}  // namespace

Moment now() {
  using std::chrono::floor;
  const auto at = floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto day = floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  const std::string year = padded(int(date.year()), 4);
  const std::string month = padded(unsigned(date.month()), 2);
  const std::string dom = padded(unsigned(date.day()), 2);
  const std::string hour = padded(time.hours().count(), 2);
  const std::string minute = padded(time.minutes().count(), 2);
  const std::string second = padded(time.seconds().count(), 2);
  Moment moment;
  moment.text = year + "-" + month + "-" + dom + "T" + hour + ":" + minute + ":" + second + "Z";
  moment.id_prefix =
      year + month + dom + "T" + hour + minute + second + "." + padded(time.subseconds().count(), 3) + "Z";
  return moment;
}

std::string make_run_id(const Moment& moment) {
  std::array<unsigned char, 3> random{};
  if (::getrandom(random.data(), random.size(), GRND_NONBLOCK) != static_cast<ssize_t>(random.size())) {
    const auto pid = static_cast<unsigned>(::getpid());  // before the pool is ready, early at boot
    random = {static_cast<unsigned char>(pid >> 16U), static_cast<unsigned char>(pid >> 8U),
              static_cast<unsigned char>(pid)};
  }
  std::string id = moment.id_prefix + "-";
  for (const unsigned byte : random) {
    id += "0123456789abcdef"[byte >> 4U];
    id += "0123456789abcdef"[byte & 15U];
  }
  return id;
}

bool is_run_id(std::string_view name) {
  return name.size() == k_shape.size() &&
         std::equal(name.begin(), name.end(), k_shape.begin(), [](char c, char shape) { return fits(shape, c); });
}

}  // namespace kaudit::rollout
