#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// Where yaml.v2 (go.yaml.in/yaml/v2 2.4.2, the same code in sigs.k8s.io/yaml 1.4.0) reads a text differently from
/// libyaml 0.2.5, found by reading scannerc.go, readerc.go and parserc.go beside scanner.c, reader.c and parser.c.
/// Each has a unit test in test/decode/yaml_differences_test.cpp.
namespace kaudit::decode {

/// What to say about a text that one of the two refuses, or reads otherwise.
struct Difference {
  /// "yaml-syntax": yaml.v2 surely refuses, and these are its words. "not-modelled": what it does is not known here.
  std::string_view code;
  std::string_view message;
  std::string_view hint;
};

/// libyaml takes 1.1 and 1.2, yaml.v2 1.1 only.
inline constexpr Difference k_yaml_1_2{"yaml-syntax", "found incompatible YAML document",
                                       "take the %YAML line out; Kubernetes reads YAML 1.1"};
/// `%YAML 1.001`: libyaml takes nine digits, yaml.v2 two.
inline constexpr Difference k_long_version{"yaml-syntax", "found extremely long version number",
                                           "take the %YAML line out"};
/// `"\/"`: an escape of libyaml's only.
inline constexpr Difference k_slash_escape{"yaml-syntax", "found unknown escape character",
                                           "write / without a backslash"};
/// `"\'"`: an escape of yaml.v2's only.
inline constexpr Difference k_quote_escape{"not-modelled", "found unknown escape character",
                                           "write ' without a backslash"};
/// `[a?b]`: in a flow collection a `?` ends a plain scalar in yaml.v2, and nothing that may stand there follows.
inline constexpr Difference k_question_mark{"yaml-syntax", "did not find expected ',' or ']'",
                                            "put the text with the ? in quotes"};
/// `{a:,}`: libyaml wants a blank after that colon, yaml.v2 makes it part of the scalar.
inline constexpr Difference k_colon_before_indicator{"not-modelled", "found unexpected ':'",
                                                     "write a blank after the colon, or put the text in quotes"};
/// `[!!str,a]`, `!a,b c`, `[!a]`: `,`, `[` and `]` belong to the tag in yaml.v2, not in libyaml.
inline constexpr Difference k_tag_indicator{"not-modelled", "a tag runs into a ',', '[' or ']'",
                                            "write a blank behind the tag"};
/// `!a%00b`: libyaml's tags end at a NUL.
inline constexpr Difference k_nul_in_tag{"not-modelled", "a tag holds an escaped NUL", "take it out of the tag"};
/// U+FEFF other than as the first character: yaml.v2 looks for it at the start of its buffer, wherever it is reading.
inline constexpr Difference k_inner_bom{"not-modelled", "a byte order mark (U+FEFF) inside the text",
                                        R"(remove it, or write it as "\uFEFF")"};
/// `[a] "\/"`: both take the first node for the document and scan one token more, which no event shows.
inline constexpr Difference k_text_after_document{"not-modelled", "text after the end of the document",
                                                  "separate documents with a line ---"};
/// `[]: a`, `[] b: c` at the top: yaml.v2 forgets that an empty `[` may start a key (scannerc.go deletes its entry in
/// simple_keys_by_tok when it comes to the `]`), and takes it for the whole document.
inline constexpr Difference k_bracket_key{"not-modelled", "a list or mapping in brackets where a key may stand",
                                          "write a plain text as key"};
/// libyaml looks through all directives for each tag, and through all open brackets for each token.
inline constexpr Difference k_many_directives{"not-modelled", "too many % directives", "write the tags out"};
inline constexpr Difference k_deep_and_long{"not-modelled", "too many brackets within brackets for a text this long",
                                            "write the inner lists in block style"};
inline constexpr Difference k_too_large{"not-modelled", "too large a text", {}};

/// What the raw text says before libyaml reads it: the directives at its top.
struct Prologue {
  std::optional<Difference> difference;
  /// Offset of the difference in the text given.
  std::size_t offset = 0;
  /// A %YAML line with a number of more than two digits, which is an error only where libyaml takes the line.
  bool long_version = false;
};
[[nodiscard]] Prologue check_prologue(std::string_view text);

/// The difference a tag makes: `text` starts at the first property (anchor or tag) of a node that has a tag.
[[nodiscard]] std::optional<Difference> check_tag(std::string_view text);

/// Offset of a `\/` in a double-quoted scalar: `text` starts at, or at a property before, its quote.
[[nodiscard]] std::optional<std::size_t> find_slash_escape(std::string_view text);

/// Whether the token that follows a document without `---` or `...` is one that the two may scan differently. A plain
/// scalar, an indicator or the end of the text is not.
[[nodiscard]] bool check_text_after_document(std::string_view text);

/// The difference that makes libyaml refuse, with `problem` at the start of `rest`, what yaml.v2 may take.
[[nodiscard]] std::optional<Difference> check_refusal(std::string_view problem, std::string_view rest);

/// Whether the text before `offset` begins with a collection in brackets that is closed there: libyaml, which looks for
/// a colon behind it, reads further on than yaml.v2, and so meets errors that the other does not. Brackets in quotes
/// count, too: what is not known is asked for, not what is.
[[nodiscard]] bool follows_closed_root(std::string_view text, std::size_t offset);

}  // namespace kaudit::decode
