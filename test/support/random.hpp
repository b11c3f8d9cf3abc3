#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace kaudit::test {

/// Small random numbers, the same on every machine (splitmix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(seed * 0x9E3779B97F4A7C15U + 1) {}

  std::uint64_t next() {
    m_state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// 0 … count - 1
  std::size_t below(std::size_t count) { return next() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }

  template <typename T>
  T of(std::initializer_list<T> choices) {
    return choices.begin()[below(choices.size())];
  }

 private:
  std::uint64_t m_state;
};

}  // namespace kaudit::test
