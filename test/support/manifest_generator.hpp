#pragma once

#include <cstdint>
#include <string>

namespace kaudit::test {

/// What a generated manifest may look like. All of it is chosen by the seed; this narrows the choice.
enum class Looks { any, block, json };

/// A valid static pod manifest of kube-apiserver, without audit flags. The same seed gives the same bytes everywhere.
///
/// Varied are: block style, flow style inside it, JSON (one line, indented, TAB-indented); indentation of 2, 3 or 4,
/// offset of lists, distance behind dashes and colons; LF, CRLF, byte order mark, final line ending, `---`, `...`;
/// comments and blank lines anywhere; plain, quoted, literal, folded and multi-line scalars; order of keys; volumes
/// and mounts that are there, missing, null in every spelling, or `[]`; `command` or `args`; a second container.
std::string generate_manifest(std::uint64_t seed, Looks looks = Looks::any);

}  // namespace kaudit::test
