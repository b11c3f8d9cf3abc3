#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "kaudit/base/error.hpp"

namespace kaudit {

/// A value, or the Error that kept it from being made. The member names are std::expected's, so that
/// the alias can change when the standard library of the oldest supported compiler has it.
///
/// Ignoring one is a compile-time warning. Reading `value()` of a failed Result is a defect (asserted).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const noexcept { return m_state.index() == 0; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return *checked(std::get_if<0>(&m_state)); }
  [[nodiscard]] const T& value() const& { return *checked(std::get_if<0>(&m_state)); }
  [[nodiscard]] T&& value() && { return std::move(*checked(std::get_if<0>(&m_state))); }

  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] Error& error() & { return *checked(std::get_if<1>(&m_state)); }
  [[nodiscard]] const Error& error() const& { return *checked(std::get_if<1>(&m_state)); }
  [[nodiscard]] Error&& error() && { return std::move(*checked(std::get_if<1>(&m_state))); }

 private:
  template <typename P>
  static P* checked(P* pointer) {
    assert(pointer != nullptr);
    return pointer;
  }

  std::variant<T, Error> m_state;
};

/// Success without a value.
struct Done {};

/// A step that either was done or was not.
using Status = Result<Done>;

}  // namespace kaudit

/// Passes the error of `expression` (a Result) on to the caller, or declares `name` as its value.
#define KAUDIT_TRY(name, expression)                           \
  auto name##_result = (expression);                           \
  if (!name##_result) return std::move(name##_result).error(); \
  auto& name = *name##_result

/// The same for a Result whose value is not needed.
#define KAUDIT_TRY_DO(expression)                                                                   \
  do {                                                                                              \
    if (auto try_do_result = (expression); !try_do_result) return std::move(try_do_result).error(); \
  } while (false)
