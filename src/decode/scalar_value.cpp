#include "scalar_value.hpp"

#include <charconv>
#include <cmath>

#include "numbers.hpp"

namespace kaudit::decode {
namespace {

/// A float64 as a reader of the JSON text sees it: 1.0 is written `1`, and read as an integer.
Value number_value(double number, std::size_t offset) {
  const std::string text = json_float(number);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc{} && read.ptr == end) {
    return Value(whole, offset);
  }
  std::uint64_t large = 0;
  if (const auto read = std::from_chars(text.data(), end, large); read.ec == std::errc{} && read.ptr == end) {
    return Value(large, offset);
  }
  return Value(number, offset);
}

}  // namespace

Value scalar_value(Scalar scalar, std::size_t offset) {
  switch (scalar.type) {
    case Scalar::Type::boolean:
      return Value(scalar.boolean, offset);
    case Scalar::Type::integer:
      return Value(scalar.integer, offset);
    case Scalar::Type::unsigned_integer:
      return Value(scalar.unsigned_integer, offset);
    case Scalar::Type::real:
      return std::isfinite(scalar.real) ? number_value(scalar.real, offset) : Value(Value::Null{}, offset);
    case Scalar::Type::string:
      return Value(std::move(scalar.string), offset);
    default:
      return Value(Value::Null{}, offset);
  }
}

}  // namespace kaudit::decode
