#include <algorithm>
#include <array>

#include "kaudit/base/ascii.hpp"
#include "kaudit/node/audit_log.hpp"

namespace kaudit::node {
namespace {

bool is_stamp(std::string_view text) {
  constexpr std::string_view k_shape = "-0000-00-00T00-00-00.000";
  return text.size() == k_shape.size() && std::equal(text.begin(), text.end(), k_shape.begin(),
                                                     [](char c, char s) { return s == '0' ? is_digit(c) : c == s; });
}

bool is_named_by_server(std::string_view name, std::string_view log) {
  const std::size_t dot = std::min(log.rfind('.'), log.size());
  const std::string_view stem = log.substr(0, dot);
  const std::string_view extension = log.substr(dot);
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (name.size() < log.size() || !name.starts_with(stem) || !name.ends_with(extension)) return false;
  return is_stamp(name.substr(stem.size(), name.size() - log.size()));
}

/// `.1`, `-20260131`, `-20260131-1769860800`
bool is_logrotate_ending(std::string_view text) {
  if (text.size() < 2) return false;
  const std::string_view rest = text.substr(1);
  if (text[0] == '.') return std::all_of(rest.begin(), rest.end(), is_digit);
  constexpr std::size_t k_date = 8;
  if (text[0] != '-' || rest.size() < k_date) return false;
  return std::all_of(rest.begin(), rest.begin() + k_date, is_digit) &&
         std::all_of(rest.begin() + k_date, rest.end(), [](char c) { return is_digit(c) || c == '-'; });
}

bool is_named_by_logrotate(std::string_view name, std::string_view log) {
  for (const std::string_view ending : {".gz", ".xz", ".bz2", ".zst"}) {
    if (!name.ends_with(ending)) continue;
    name.remove_suffix(ending.size());
    break;
  }
  return name.starts_with(log) && is_logrotate_ending(name.substr(log.size()));
}

}  // namespace

RotatedBy rotated_by(std::string_view name, std::string_view log) {
  if (is_named_by_server(name, log)) return RotatedBy::server;
  return is_named_by_logrotate(name, log) ? RotatedBy::logrotate : RotatedBy::nobody;
}

}  // namespace kaudit::node
