#include <algorithm>

#include "kaudit/base/ascii.hpp"
#include "typed.hpp"

namespace kaudit::cli {

const std::string* TypedOptions::value_of(const char* name) const {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

std::optional<std::string> TypedOptions::text_of(const char* name) const {
  const std::string* value = value_of(name);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::vector<std::string> TypedOptions::list_of(const char* name) const {
  const auto found = lists.find(name);
  return found == lists.end() ? std::vector<std::string>() : found->second;
}

Result<Output> output_of(const TypedOptions& typed) {
  KAUDIT_TRY(output, choice_of<Output>(typed, "--output", {{"text", Output::text}, {"json", Output::json}}));
  return output.value_or(Output::text);
}

Result<Color> color_of(const TypedOptions& typed) {
  KAUDIT_TRY(color, choice_of<Color>(typed, "--color",
                                     {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}}));
  return color.value_or(Color::automatic);
}

Result<std::optional<kube::Version>> version_of(const TypedOptions& typed) {
  const std::string* text = typed.value_of("--kubernetes-version");
  if (text == nullptr) return std::optional<kube::Version>();
  const auto version = kube::parse_version(*text);
  if (!version) return usage_error("--kubernetes-version: \"" + *text + "\" is no version such as 1.30");
  if (*version < kube::k_oldest_known) {
    return usage_error("--kubernetes-version: " + *text + " is older than " + kube::to_string(kube::k_oldest_known) +
                       ", the oldest version whose rules are known");
  }
  return version;
}

Result<Verbosity> verbosity_of(const TypedOptions& typed) {
  const bool quiet = typed.switches.contains("--quiet");
  const bool verbose = typed.switches.contains("--verbose");
  if (quiet && verbose) return usage_error("--quiet and --verbose exclude each other");
  return quiet ? Verbosity::quiet : verbose ? Verbosity::verbose : Verbosity::normal;
}

bool has_control_characters(std::string_view text) { return std::any_of(text.begin(), text.end(), is_control); }

}  // namespace kaudit::cli
