#include "unmarshal.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "rfc3339.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

using decode::Value;

/// encoding/json's word for a value, with the digits of a number that is out of range.
std::string word_of(const Value& value) { return std::string(value.type_name()); }

/// An int64 as strconv.ParseInt takes it from the JSON. In YAML, 1.0 has become 1 on the way, and -2^63, if it is a
/// float, the shortest digits that say so, which are below it.
bool is_int64(const Value& value, decode::Format format) {
  if (std::holds_alternative<std::int64_t>(value.data())) return true;
  const double* real = std::get_if<double>(&value.data());
  constexpr double k_limit = 9223372036854775808.0;  // 2^63
  return real != nullptr && format == decode::Format::yaml && std::trunc(*real) == *real && *real > -k_limit &&
         *real < k_limit;
}

bool is_boolean(const GoType& type) { return type.kind == GoKind::boolean || type.kind == GoKind::boolean_pointer; }

class Decoder {
 public:
  Decoder(std::string_view package, kube::Version version, decode::Format format)
      : m_package(package), m_version(version), m_format(format) {}

  Unmarshalled run(const Value& value, const GoType& type) {
    Unmarshalled result;
    result.policy.type = &type;
    store(value, result.policy);
    result.problem = m_fatal ? std::move(m_fatal) : std::move(m_problem);
    result.strict = std::move(m_strict);
    return result;
  }

 private:
  void store(const Value& value, Slot& slot) {
    if (m_fatal) return;
    switch (slot.type->kind) {
      case GoKind::string:
        return store_text(value, slot);
      case GoKind::boolean:
      case GoKind::boolean_pointer:
        return store_boolean(value, slot);
      case GoKind::integer:
        if (!value.is_null() && !is_int64(value, m_format)) mismatch(value, *slot.type);
        return;
      case GoKind::time:
        return check_time(value);
      case GoKind::raw:
        return;
      case GoKind::list:
        return store_list(value, slot);
      case GoKind::map:
        return store_map(value, slot);
      case GoKind::object:
        return store_object(value, slot);
    }
  }

  void store_text(const Value& value, Slot& slot) {
    if (const std::string* text = value.string()) {
      slot.text = *text;
      slot.offset = value.offset();
    } else if (value.is_null()) {
      if (m_version <= k_json_iterator_until) slot.text.clear();
      if (slot.offset == 0) slot.offset = value.offset();
    } else {
      mismatch(value, *slot.type);
    }
  }

  void store_boolean(const Value& value, Slot& slot) {
    if (const bool* flag = value.boolean()) {
      slot.is_set = true;
      slot.flag = *flag;
      slot.offset = value.offset();
    } else if (value.is_null()) {
      if (slot.type->kind == GoKind::boolean_pointer) slot.is_set = false;
    } else {
      mismatch(value, *slot.type);
    }
  }

  /// metav1.Time.UnmarshalJSON: its error ends the decoding at once.
  void check_time(const Value& value) {
    if (value.is_null()) return;
    const std::string* text = value.string();
    if (text != nullptr && is_rfc3339(*text)) return;
    m_fatal =
        TypeProblem{text != nullptr ? "parsing time \"" + *text + R"(" as "2006-01-02T15:04:05Z07:00": cannot parse it)"
                                    : "json: cannot unmarshal " + word_of(value) + " into Go value of type string",
                    m_path, value.offset()};
  }

  void store_list(const Value& value, Slot& slot) {
    if (value.is_null()) {
      slot.parts.clear();
      slot.length = 0;
      slot.is_set = false;
      slot.offset = value.offset();
      return;
    }
    const Value::Array* array = value.array();
    if (array == nullptr) return mismatch(value, *slot.type);
    slot.is_set = true;
    slot.offset = value.offset();
    if (array->empty()) slot.parts.clear();
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i >= slot.parts.size()) {
        slot.parts.emplace_back();
        slot.parts.back().type = slot.type->element;
      }
      const std::size_t path = m_path.size();
      m_path += "[" + std::to_string(i) + "]";
      store((*array)[i], slot.parts[i]);
      m_path.resize(path);
    }
    slot.length = array->size();
  }

  void store_map(const Value& value, Slot& slot) {
    if (value.is_null()) return;
    const Value::Object* object = value.object();
    if (object == nullptr) return mismatch(value, *slot.type);
    std::set<std::string_view> seen;
    for (const Value::Member* member : in_go_order(*object, m_format)) {
      // Two YAML keys that become one text are one member by now, whichever it is.
      const bool again = !seen.insert(member->key).second && m_format == decode::Format::json;
      if (again) strict(StrictProblem::Kind::duplicate, *member, *slot.type);
      Slot element;
      element.type = slot.type->element;
      const std::size_t path = enter(member->key);
      store(member->value, element);
      m_path.resize(path);
    }
  }

  void store_object(const Value& value, Slot& slot) {
    if (value.is_null()) {
      if (slot.offset == 0) slot.offset = value.offset();
      return;
    }
    const Value::Object* object = value.object();
    if (object == nullptr) return mismatch(value, *slot.type);
    slot.offset = value.offset();
    if (slot.parts.empty()) {
      slot.parts.resize(slot.type->fields.size());
      for (std::size_t i = 0; i < slot.parts.size(); ++i) slot.parts[i].type = slot.type->fields[i].type;
    }
    std::vector<bool> seen(slot.parts.size());
    for (const Value::Member* member : in_go_order(*object, m_format)) store_member(*member, slot, seen);
  }

  void store_member(const Value::Member& member, Slot& slot, std::vector<bool>& seen) {
    const auto& fields = slot.type->fields;
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const GoField& field) { return field.name == member.key; });
    const bool known = found != fields.end() && found->is_in(m_version);
    if (!known) strict(StrictProblem::Kind::unknown, member, *slot.type);
    // What the policy wishes of a server that is too old for it is kept where it can be, so that it can be told.
    if (!known && (found == fields.end() || member.value.boolean() == nullptr || !is_boolean(*found->type))) return;
    const auto index = static_cast<std::size_t>(found - fields.begin());
    if (seen[index]) strict(StrictProblem::Kind::duplicate, member, *slot.type);
    seen[index] = true;
    const GoType* const outer = m_struct;
    const std::size_t names = m_names.size();
    const std::size_t path = enter(member.key);
    m_struct = slot.type;
    m_names += (m_names.empty() ? "" : ".") + member.key;
    store(member.value, slot.parts[index]);
    m_names.resize(names);
    m_path.resize(path);
    m_struct = outer;
  }

  std::size_t enter(const std::string& key) {
    const std::size_t size = m_path.size();
    if (!m_path.empty()) m_path += '.';
    m_path += key;
    return size;
  }

  void strict(StrictProblem::Kind kind, const Value::Member& member, const GoType& parent) {
    m_strict.push_back(
        {kind, (m_path.empty() ? "" : m_path + ".") + member.key, member.key, member.key_offset, &parent});
  }

  void mismatch(const Value& value, const GoType& type) {
    if (m_problem) return;
    const std::string into =
        m_struct == nullptr ? "Go value" : "Go struct field " + std::string(bare_name(*m_struct)) + "." + m_names;
    m_problem = TypeProblem{
        "json: cannot unmarshal " + word_of(value) + " into " + into + " of type " + name_of(type, m_package), m_path,
        value.offset()};
  }

  std::string_view m_package;
  kube::Version m_version;
  decode::Format m_format;
  std::string m_path;   ///< `rules[0].level`
  std::string m_names;  ///< `rules.level`, as Go's error context has it
  const GoType* m_struct = nullptr;
  std::optional<TypeProblem> m_problem;
  std::optional<TypeProblem> m_fatal;
  std::vector<StrictProblem> m_strict;
};

}  // namespace

const Slot* Slot::field(std::string_view name) const noexcept {
  if (parts.empty()) return nullptr;
  for (std::size_t i = 0; i < type->fields.size(); ++i) {
    if (type->fields[i].name == name) return &parts[i];
  }
  return nullptr;
}

Unmarshalled unmarshal(const decode::Reading& reading, const GoType& type, std::string_view package,
                       kube::Version version) {
  return Decoder(package, version, reading.format).run(reading.value, type);
}

std::vector<const decode::Value::Member*> in_go_order(const decode::Value::Object& object, decode::Format format) {
  std::vector<const Value::Member*> members;
  members.reserve(object.size());
  for (const Value::Member& member : object) members.push_back(&member);
  if (format == decode::Format::yaml) {
    std::sort(members.begin(), members.end(),
              [](const Value::Member* a, const Value::Member* b) { return a->key < b->key; });
  }
  return members;
}

}  // namespace kaudit::policy
