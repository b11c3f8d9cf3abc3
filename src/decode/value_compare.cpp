#include <algorithm>
#include <cmath>

#include "kaudit/decode/value.hpp"

namespace kaudit::decode {
namespace {

bool equal_numbers(double number, std::uint64_t magnitude, bool negative) {
  if (number != std::trunc(number) || (number < 0) != (negative && magnitude != 0)) return false;
  constexpr double k_two_to_64 = 18446744073709551616.0;
  const double absolute = std::abs(number);
  return absolute < k_two_to_64 && static_cast<std::uint64_t>(absolute) == magnitude;
}

/// Any number as sign and magnitude; nothing for a double.
struct Whole {
  std::uint64_t magnitude = 0;
  bool negative = false;
  friend bool operator==(const Whole&, const Whole&) = default;
};

std::optional<Whole> whole(const Value& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value.data())) return Whole{*number, false};
  if (const auto* number = std::get_if<std::int64_t>(&value.data())) {
    const auto bits = static_cast<std::uint64_t>(*number);
    return Whole{*number < 0 ? ~bits + 1 : bits, *number < 0};
  }
  return std::nullopt;
}

bool is_number(const Value& value) { return value.type_name() == "number"; }

/// Two values neither of which is a container.
bool equal_scalars(const Value& left, const Value& right) {
  if (!is_number(left) || !is_number(right)) {
    if (left.data().index() != right.data().index()) return false;
    if (const bool* boolean = left.boolean()) return *boolean == *right.boolean();
    if (const std::string* string = left.string()) return *string == *right.string();
    return true;
  }
  const auto left_whole = whole(left);
  const auto right_whole = whole(right);
  if (left_whole && right_whole) return *left_whole == *right_whole;
  const auto* left_double = std::get_if<double>(&left.data());
  const auto* right_double = std::get_if<double>(&right.data());
  if (left_double != nullptr && right_double != nullptr) return *left_double == *right_double;
  if (left_double != nullptr) return equal_numbers(*left_double, right_whole->magnitude, right_whole->negative);
  return equal_numbers(*right_double, left_whole->magnitude, left_whole->negative);
}

/// One step of a path, linked to the step before it.
struct Step {
  std::size_t parent = 0;
  const std::string* key = nullptr;
  std::size_t index = 0;
};

struct Pair {
  const Value* left = nullptr;
  const Value* right = nullptr;
  std::size_t step = 0;
};

/// Walks two values in step, in the left one's order; stops at the first difference.
class Comparison {
 public:
  Comparison(const Value& left, const Value& right) : m_steps(1) { m_work.push_back({&left, &right, 0}); }

  /// The first place where they differ; either side may be missing there.
  std::optional<Pair> run() {
    while (!m_work.empty()) {
      const Pair pair = m_work.back();
      m_work.pop_back();
      if (pair.left == nullptr || pair.right == nullptr || !same_level(pair)) return pair;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string path(std::size_t step) const {
    std::vector<std::string> parts;
    for (; step != 0; step = m_steps[step].parent) parts.push_back(spelled(m_steps[step]));
    std::string text;
    while (!parts.empty()) {
      text += parts.back();
      parts.pop_back();
    }
    if (!text.empty() && text.front() == '.') text.erase(0, 1);
    return text;
  }

 private:
  static std::string spelled(const Step& step) {
    if (step.key == nullptr) return "[" + std::to_string(step.index) + "]";
    const bool simple = !step.key->empty() && std::all_of(step.key->begin(), step.key->end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
    return simple ? "." + *step.key : "[" + to_json(Value(*step.key)) + "]";
  }

  bool same_level(const Pair& pair) {
    const auto* left_array = pair.left->array();
    const auto* right_array = pair.right->array();
    if (left_array != nullptr && right_array != nullptr) {
      compare_arrays(*left_array, *right_array, pair.step);
      return true;
    }
    const auto* left_object = pair.left->object();
    const auto* right_object = pair.right->object();
    if (left_object != nullptr && right_object != nullptr) {
      compare_objects(*left_object, *right_object, pair.step);
      return true;
    }
    if (left_array != nullptr || right_array != nullptr || left_object != nullptr || right_object != nullptr)
      return false;
    return equal_scalars(*pair.left, *pair.right);
  }

  void push(const Value* left, const Value* right, Step step) {
    m_steps.push_back(step);
    m_work.push_back({left, right, m_steps.size() - 1});
  }

  void compare_arrays(const Value::Array& left, const Value::Array& right, std::size_t parent) {
    // Last first: the work is a stack.
    for (std::size_t i = std::max(left.size(), right.size()); i-- > 0;) {
      push(i < left.size() ? &left[i] : nullptr, i < right.size() ? &right[i] : nullptr, {parent, nullptr, i});
    }
  }

  void compare_objects(const Value::Object& left, const Value::Object& right, std::size_t parent) {
    const std::vector<const Value::Member*> right_members = sorted(right);
    const std::vector<const Value::Member*> left_members = sorted(left);
    for (std::size_t i = right.size(); i-- > 0;) {
      const Value::Member& member = right[i];
      if (lookup(left_members, member.key) == nullptr) push(nullptr, &member.value, {parent, &member.key, 0});
    }
    for (std::size_t i = left.size(); i-- > 0;) {
      const Value::Member& member = left[i];
      push(&member.value, lookup(right_members, member.key), {parent, &member.key, 0});
    }
  }

  static std::vector<const Value::Member*> sorted(const Value::Object& object) {
    std::vector<const Value::Member*> members;
    members.reserve(object.size());
    for (const Value::Member& member : object) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Value::Member* a, const Value::Member* b) { return a->key < b->key; });
    return members;
  }

  static const Value* lookup(const std::vector<const Value::Member*>& members, const std::string& key) {
    const auto found =
        std::lower_bound(members.begin(), members.end(), key,
                         [](const Value::Member* member, const std::string& k) { return member->key < k; });
    return found != members.end() && (*found)->key == key ? &(*found)->value : nullptr;
  }

  std::vector<Step> m_steps;
  std::vector<Pair> m_work;
};

/// What stands at one side of a difference, short enough for a message.
std::string shown(const Value* value) {
  if (value == nullptr) return "nothing";
  if (value->array() != nullptr) return "a list of " + std::to_string(value->array()->size());
  if (value->object() != nullptr) return "a mapping of " + std::to_string(value->object()->size());
  constexpr std::size_t k_longest = 120;
  std::string text = to_json(*value);
  if (text.size() > k_longest) {
    std::size_t end = k_longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end) + "…";
  }
  return text;
}

}  // namespace

bool equal(const Value& left, const Value& right) { return !Comparison(left, right).run(); }

std::optional<std::string> first_difference(const Value& left, const Value& right) {
  Comparison comparison(left, right);
  const auto difference = comparison.run();
  if (!difference) return std::nullopt;
  const std::string path = comparison.path(difference->step);
  return (path.empty() ? std::string("the whole document") : path) + ": " + shown(difference->left) + " against " +
         shown(difference->right);
}

}  // namespace kaudit::decode
