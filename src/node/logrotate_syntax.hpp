#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaudit::node {

/// What decides in a file of logrotate's configuration which logs are taken. Source: logrotate(8) of 3.21.0, and what
/// `logrotate --debug` does where the page is silent.
struct LogrotateStatement {
  enum class Kind : std::uint8_t {
    patterns,  ///< `words` are the patterns of a block, unquoted; what looks like a comment behind one is one, too
    include,   ///< `words` has one: a file or directory
    tabooext,  ///< `words` are endings; the first may be "+"
    taboopat,  ///< `words` are patterns of names; the first may be "+"
  } kind = Kind::patterns;
  struct Word {
    std::string text;
    std::size_t line = 0;
  };
  std::vector<Word> words;
  /// Of `patterns`: their logs are truncated in place (`copytruncate`). Of `include`: those of what is included are,
  /// unless it says otherwise.
  bool truncates = false;
};

/// What a file that is included finds as its defaults.
enum class Truncation : std::uint8_t { off, on };

/// In the order in which they stand. Scripts are skipped. What logrotate refuses (and then skips a block, or the rest
/// of the file) is read on here: a rule too many is told to a person, one too few would not be.
[[nodiscard]] std::vector<LogrotateStatement> read_logrotate_config(std::string_view text,
                                                                    Truncation by_default = Truncation::off);

}  // namespace kaudit::node
