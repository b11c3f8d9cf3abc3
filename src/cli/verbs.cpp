#include "verbs.hpp"

#include <algorithm>
#include <array>

#include "help.hpp"

namespace kaudit::cli {
namespace {

constexpr std::array<const char*, 15> k_enable_valued = {
    "--policy",     "--policy-dest", "--log",  "--webhook-config",     "--max-age",   "--max-backup",   "--max-size",
    "--log-volume", "--manifest",    "--root", "--kubernetes-version", "--state-dir", "--keep-backups", "--output",
    "--color"};
constexpr std::array<const char*, 2> k_enable_lists = {"--flag", "--ignore"};
constexpr std::array<const char*, 7> k_enable_switches = {"--dry-run",    "--check",   "--strict", "-q,--quiet",
                                                          "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 4> k_lint_valued = {"--kubernetes-version", "--severity", "--output", "--color"};
constexpr std::array<const char*, 4> k_lint_switches = {"-q,--quiet", "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 7> k_explain_valued = {
    "--requests", "--subresource", "-n,--namespace", "--as", "--kubernetes-version", "--output", "--color"};
constexpr std::array<const char*, 1> k_explain_lists = {"--as-group"};
constexpr std::array<const char*, 2> k_explain_switches = {"-h,--help", "--version"};

constexpr std::array<VerbWords, 3> k_verbs = {
    {{"enable", k_enable_valued, k_enable_lists, k_enable_switches, Arguments::none, enable_help},
     {"lint", k_lint_valued, {}, k_lint_switches, Arguments::taken, lint_help},
     {"explain", k_explain_valued, k_explain_lists, k_explain_switches, Arguments::taken, explain_help}}};

}  // namespace

std::span<const VerbWords> all_verbs() noexcept { return k_verbs; }

const VerbWords* find_verb(std::string_view verb) noexcept {
  const auto* const found =
      std::find_if(k_verbs.begin(), k_verbs.end(), [&](const VerbWords& words) { return words.verb == verb; });
  return found == k_verbs.end() ? nullptr : &*found;
}

std::string long_name(std::string_view name) { return std::string(name.substr(name.find("--"))); }

}  // namespace kaudit::cli
