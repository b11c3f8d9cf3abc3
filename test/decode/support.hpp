#pragma once

#include <string>
#include <string_view>

#include "kaudit/decode/decode.hpp"

namespace kaudit::decode {

inline Result<Value> read(std::string_view text) {
  return as_kubernetes_reads_it(text::Source("file.yaml", std::string(text)));
}

/// The value as JSON, or `code: message` of the error.
inline std::string answer(std::string_view text) {
  const auto value = read(text);
  return value ? to_json(*value) : value.error().code + ": " + value.error().message;
}

inline std::string code_of(std::string_view text) {
  const auto value = read(text);
  return value ? "accepted as " + to_json(*value) : value.error().code;
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace kaudit::decode
