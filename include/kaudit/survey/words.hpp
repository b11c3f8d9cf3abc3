#pragma once

#include <cstdint>
#include <string>

namespace kaudit::survey {

/// "812 bytes", "1.5 KB", "83 MB", "1.2 GB": powers of 1024, as kube-apiserver counts max-size.
[[nodiscard]] std::string size_words(std::uint64_t bytes);

/// "0 s", "59 s", "5 min", "3 h", "2 days": rounded down; a negative one is 0 s.
[[nodiscard]] std::string age_words(double seconds);

/// "0.04", "1.2", "37", "1200": two digits that count.
[[nodiscard]] std::string number_words(double number);

}  // namespace kaudit::survey
