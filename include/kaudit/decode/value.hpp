#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kaudit::decode {

/// A value as encoding/json sees it after sigs.k8s.io/yaml has turned YAML into JSON: what the kubelet and
/// kube-apiserver work on. YAML's tags, anchors, merge keys, number spellings and key types are gone.
class Value {
 public:
  struct Null {
    friend bool operator==(Null, Null) = default;
  };
  using Array = std::vector<Value>;
  struct Member;
  /// In the order of the text. Keys are unique: what a duplicate does is settled by the decoder.
  using Object = std::vector<Member>;

  /// Integers are kept exactly (int64, or uint64 above it); every other number is a double.
  using Data = std::variant<Null, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object>;

  Value();
  explicit Value(Data data, std::size_t offset = 0);
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  [[nodiscard]] const Data& data() const noexcept { return m_data; }
  [[nodiscard]] Data& data() noexcept { return m_data; }

  [[nodiscard]] bool is_null() const noexcept { return std::holds_alternative<Null>(m_data); }
  [[nodiscard]] const bool* boolean() const noexcept { return std::get_if<bool>(&m_data); }
  [[nodiscard]] const std::string* string() const noexcept { return std::get_if<std::string>(&m_data); }
  [[nodiscard]] const Array* array() const noexcept { return std::get_if<Array>(&m_data); }
  [[nodiscard]] const Object* object() const noexcept { return std::get_if<Object>(&m_data); }
  [[nodiscard]] Array* array() noexcept { return std::get_if<Array>(&m_data); }
  [[nodiscard]] Object* object() noexcept { return std::get_if<Object>(&m_data); }

  /// The member of an object; null pointer when there is none or this is no object. Linear in the members.
  [[nodiscard]] const Value* find(std::string_view key) const noexcept;
  [[nodiscard]] Value* find(std::string_view key) noexcept;

  /// Where the value starts in the text it was read from (byte offset; an alias: the alias). 0 for made values.
  [[nodiscard]] std::size_t offset() const noexcept { return m_offset; }

  /// encoding/json's name of the type: "null", "bool", "number", "string", "array", "object".
  [[nodiscard]] std::string_view type_name() const noexcept;

 private:
  Data m_data;
  std::size_t m_offset = 0;
};

struct Value::Member {
  std::string key;
  Value value;
  /// Where the key starts in the text.
  std::size_t key_offset = 0;
};

/// Equal for every program that reads the JSON: objects as sets of members, numbers by value, positions ignored.
[[nodiscard]] bool equal(const Value& left, const Value& right);

/// Where two values first differ, as a path in Kubernetes' spelling with what stands on either side; nothing if
/// they are equal. For messages.
[[nodiscard]] std::optional<std::string> first_difference(const Value& left, const Value& right);

/// Compact JSON with the keys in byte order, as encoding/json writes a map.
[[nodiscard]] std::string to_json(const Value& value);

}  // namespace kaudit::decode
