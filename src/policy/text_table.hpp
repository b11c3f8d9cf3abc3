#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "rule_sets.hpp"

namespace kaudit::policy {

/// Two numbers that, with the length, tell texts of up to 16 bytes apart without looking at them again; a hash of
/// longer ones.
struct Fingerprint {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
};

inline constexpr std::size_t k_exact_fingerprint = 16;

template <typename Number>
[[nodiscard]] inline std::uint64_t load(const char* at) noexcept {
  Number number{};
  std::memcpy(&number, at, sizeof(number));
  return number;
}

inline constexpr std::uint64_t k_factor = 0x9E3779B97F4A7C15U;        // 2^64 divided by the golden ratio
inline constexpr std::uint64_t k_other_factor = 0xC2B2AE3D27D4EB4FU;  // primes of xxHash
inline constexpr std::uint64_t k_third_factor = 0x165667B19E3779F9U;

/// Of more than 48 bytes.
[[nodiscard]] inline Fingerprint fingerprint_long(const char* data, std::size_t size) noexcept {
  Fingerprint sum{k_factor, k_other_factor};
  const auto mix = [&](const char* at) {
    sum.a = (sum.a ^ load<std::uint64_t>(at)) * k_factor;
    sum.b = (sum.b ^ load<std::uint64_t>(at + 8)) * k_other_factor;
    sum.a ^= sum.a >> 32U;
    sum.b ^= sum.b >> 32U;
  };
  const auto* last = data + size - 16;
  for (; data < last; data += 16) mix(data);
  mix(last);
  return sum;
}

/// Of 17 to 48 bytes, as most names of users and groups are: three windows that overlap, and nothing that waits for
/// another.
[[nodiscard]] inline Fingerprint fingerprint_middle(const char* data, std::size_t size) noexcept {
  const auto* middle = data + size / 2 - 8;
  const auto* last = data + size - 16;
  return {load<std::uint64_t>(data) * k_factor + load<std::uint64_t>(middle) * k_other_factor +
              load<std::uint64_t>(last) * k_third_factor,
          load<std::uint64_t>(data + 8) * k_factor + load<std::uint64_t>(middle + 8) * k_other_factor +
              load<std::uint64_t>(last + 8) * k_third_factor};
}

/// Of up to 16 bytes: every byte is in it.
[[nodiscard]] inline Fingerprint fingerprint_short(const char* data, std::size_t size) noexcept {
  if (size >= 4) {  // four loads that overlap, without a branch for every size
    const auto* last = data + size - 4;
    const auto middle = (size / 8) * 4;
    return {load<std::uint32_t>(data) << 32U | load<std::uint32_t>(data + middle),
            load<std::uint32_t>(last) << 32U | load<std::uint32_t>(last - middle)};
  }
  if (size == 0) return {};
  const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(data[i])); };
  return {byte(0) | byte(size / 2) << 8U | byte(size - 1) << 16U, 0};
}

[[nodiscard]] inline Fingerprint fingerprint(std::string_view text) noexcept {
  if (text.size() <= k_exact_fingerprint) return fingerprint_short(text.data(), text.size());
  return text.size() <= 48 ? fingerprint_middle(text.data(), text.size()) : fingerprint_long(text.data(), text.size());
}

/// Texts, each with a number (a tag) that is part of the key, and the rules that belong to them. The texts are
/// somebody else's and must stay.
class TextTable {
 public:
  struct Entry {
    Fingerprint print;
    std::uint64_t tag = 0;
    const char* data = nullptr;  ///< null: an empty place
    std::size_t size = 0;
    RuleSet rules;
    std::uint32_t id = 0;  ///< 0, 1, 2, … in the order of first mention
  };

  /// The entry, made if need be; valid until the next call.
  [[nodiscard]] Entry& at(std::uint64_t tag, std::string_view text);

  [[nodiscard]] const Entry* find(std::uint64_t tag, std::string_view text) const noexcept {
    if ((m_ends & end_of(text)) == 0) return nullptr;
    const auto print = fingerprint(text);
    const auto* entries = m_entries.data();
    for (auto place = first_place(print, tag, text.size());; place = (place + 1) & (m_entries.size() - 1)) {
      const auto& entry = entries[place];
      if (entry.data == nullptr) return nullptr;
      if (is(entry, print, tag, text)) return &entry;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return m_count; }
  /// Also the empty places.
  [[nodiscard]] const std::vector<Entry>& places() const noexcept { return m_entries; }

 private:
  static bool is(const Entry& entry, Fingerprint print, std::uint64_t tag, std::string_view text) noexcept {
    return entry.print.a == print.a && entry.print.b == print.b && entry.size == text.size() && entry.tag == tag &&
           (text.size() <= k_exact_fingerprint || std::memcmp(entry.data, text.data(), text.size()) == 0);
  }

  [[nodiscard]] std::uint64_t first_place(Fingerprint print, std::uint64_t tag, std::size_t size) const noexcept {
    return ((print.a ^ tag) * k_factor + (print.b + size) * k_other_factor) >> m_shift;
  }

  static constexpr std::uint64_t end_of(std::string_view text) noexcept {
    const auto end = text.empty() ? 0U : static_cast<unsigned char>(text.back());
    return std::uint64_t{1} << ((text.size() + end) & 63U);
  }

  void grow();

  std::vector<Entry> m_entries;
  unsigned m_shift = 64;
  std::uint32_t m_count = 0;
  std::uint64_t m_ends = 0;  ///< of all texts, end_of(): most texts that are looked for are not there
};

}  // namespace kaudit::policy
