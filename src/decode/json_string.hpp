#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaudit::decode {

struct JsonString {
  std::string value;
  /// Behind the closing quote; at the character in the way if there is a problem.
  std::size_t end = 0;
  /// Where in a string that character stands, in encoding/json's words; empty if the string is right.
  std::string_view problem;
};

/// The string whose opening quote is at `at`, by encoding/json's rules: bad UTF-8 and lone surrogates become U+FFFD.
[[nodiscard]] JsonString read_json_string(std::string_view text, std::size_t at);

}  // namespace kaudit::decode
