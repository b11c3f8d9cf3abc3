#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/cli/options.hpp"

namespace kaudit::cli {

/// The options of a verb as they were typed, before they mean something. Names with their dashes.
struct TypedOptions {
  std::map<std::string, std::string> values;              ///< options with one value that were given
  std::map<std::string, std::vector<std::string>> lists;  ///< all values of the options that may be repeated
  std::set<std::string> switches;                         ///< options without a value that were given
  std::vector<std::string> arguments;                     ///< what is no option

  [[nodiscard]] const std::string* value_of(const char* name) const;
  [[nodiscard]] std::optional<std::string> text_of(const char* name) const;
  [[nodiscard]] std::vector<std::string> list_of(const char* name) const;
};

/// One word of an option, and what it means.
template <typename T>
struct Choice {
  std::string_view word;
  T value;
};

/// The value of an option that takes one of a few words; nothing when it was not given. Errors: status 2.
template <typename T>
Result<std::optional<T>> choice_of(const TypedOptions& typed, const char* name, const std::vector<Choice<T>>& choices) {
  const std::string* value = typed.value_of(name);
  if (value == nullptr) return std::optional<T>();
  std::string all;
  for (const Choice<T>& choice : choices) {
    if (choice.word == *value) return std::optional<T>(choice.value);
    all += (all.empty() ? "" : ", ") + std::string(choice.word);
  }
  return usage_error(std::string(name) + ": \"" + *value + "\" is none of " + all);
}

/// `--output`, `--color` and `--kubernetes-version`, which several verbs have.
[[nodiscard]] Result<Output> output_of(const TypedOptions& typed);
[[nodiscard]] Result<Color> color_of(const TypedOptions& typed);
[[nodiscard]] Result<std::optional<kube::Version>> version_of(const TypedOptions& typed);
[[nodiscard]] Result<Verbosity> verbosity_of(const TypedOptions& typed);

[[nodiscard]] bool has_control_characters(std::string_view text);

/// A whole number from 0 up, in plain decimal digits.
[[nodiscard]] Result<std::optional<std::int64_t>> number_of(const TypedOptions& typed, const char* name);
/// A path of the node: absolute, without `..`, nothing that the kubelet or a shell would read as something else.
[[nodiscard]] Result<std::optional<std::string>> node_path_of(const TypedOptions& typed, const char* name);
[[nodiscard]] Status refuse_empty(const TypedOptions& typed, const char* name);

/// The options of every verb that may change the node.
[[nodiscard]] Result<RunOptions> interpret_run(const TypedOptions& typed);

/// What they mean. Errors: status 2 for values that cannot be, and for the same flag set twice.
[[nodiscard]] Result<EnableOptions> interpret_enable(const TypedOptions& typed);
[[nodiscard]] Result<StatusOptions> interpret_status(const TypedOptions& typed);
[[nodiscard]] Result<RollbackOptions> interpret_rollback(const TypedOptions& typed);
[[nodiscard]] Result<VerifyOptions> interpret_verify(const TypedOptions& typed);
[[nodiscard]] Result<GuardOptions> interpret_guard(const TypedOptions& typed);
[[nodiscard]] Result<DisableOptions> interpret_disable(const TypedOptions& typed);
[[nodiscard]] Result<LintOptions> interpret_lint(const TypedOptions& typed);
[[nodiscard]] Result<ExplainOptions> interpret_explain(const TypedOptions& typed);

/// The `--flag` wishes. Errors: status 2: no audit flag of any version (with the nearest), one that has an option of
/// its own, a value of the wrong type.
[[nodiscard]] Result<std::vector<patch::FlagWish>> interpret_flags(const std::vector<std::string>& flags);

}  // namespace kaudit::cli
