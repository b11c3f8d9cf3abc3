#include "yaml_object.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "numbers.hpp"

namespace kaudit::decode {
namespace {

/// Whether two entries whose keys have one text in JSON have one key in Go's map, too.
bool same_key(const YamlEntry& a, const YamlEntry& b) {
  if (a.key_type != b.key_type || a.key_replaced || b.key_replaced) return false;
  if (a.key_type == Scalar::Type::real) return a.key_real == b.key_real;
  return true;
}

bool is_zero(const YamlEntry& entry) { return entry.key_type == Scalar::Type::real && entry.key_real == 0; }

void note_collision(YamlObject& result, const YamlEntry& entry) {
  if (result.has_collision) return;
  result.has_collision = true;
  result.collision_offset = entry.member.key_offset;
  result.collision_key = entry.member.key;
}

DuplicateKey duplicate_of(const YamlEntry& entry) {
  const bool real = entry.key_type == Scalar::Type::real;
  return {entry.value_line,
          entry.key_type == Scalar::Type::string ? DuplicateKey::Kind::string : DuplicateKey::Kind::other,
          real ? go_float_text(entry.key_real) : entry.member.key,
          entry.member.key_offset,
          {}};
}

/// 0.0 and -0.0 are one key in Go and two texts.
void check_zeros(const std::vector<YamlEntry>& entries, YamlObject& result) {
  const YamlEntry* zero = nullptr;
  for (const YamlEntry& entry : entries) {
    if (!is_zero(entry)) continue;
    if (zero != nullptr && std::signbit(zero->key_real) != std::signbit(entry.key_real)) note_collision(result, entry);
    zero = &entry;
  }
}

}  // namespace

std::string key_text(const Scalar& scalar) {
  switch (scalar.type) {
    case Scalar::Type::boolean:
      return scalar.boolean ? "true" : "false";
    case Scalar::Type::integer:
      return std::to_string(scalar.integer);
    case Scalar::Type::real:
      return key_float(scalar.real);
    case Scalar::Type::string:
      return scalar.string;
    default:
      return {};
  }
}

YamlObject make_object(std::vector<YamlEntry> entries, TypeDependent what) {
  YamlObject result;
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int compared = entries[a].member.key.compare(entries[b].member.key);
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<bool> left(entries.size(), true);
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const YamlEntry& earlier = entries[order[i]];
    const YamlEntry& later = entries[order[i + 1]];
    if (earlier.member.key != later.member.key) continue;
    left[order[i]] = what == TypeDependent::kept && !same_key(earlier, later);
    if (same_key(earlier, later)) {
      result.repeated.push_back({later.sequence, duplicate_of(later)});
    } else {
      note_collision(result, later);
    }
  }
  check_zeros(entries, result);
  result.object.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!left[i]) continue;
    if (result.finding == k_no_finding) result.finding = entries[i].finding;
    result.object.push_back(std::move(entries[i].member));
  }
  return result;
}

std::vector<DuplicateKey> in_order(std::vector<Repeated> repeated) {
  std::sort(repeated.begin(), repeated.end(),
            [](const Repeated& a, const Repeated& b) { return a.sequence < b.sequence; });
  std::vector<DuplicateKey> keys;
  keys.reserve(repeated.size());
  for (Repeated& one : repeated) keys.push_back(std::move(one.key));
  return keys;
}

}  // namespace kaudit::decode
