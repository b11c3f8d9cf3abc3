#include "verbs.hpp"

#include <algorithm>
#include <array>

#include "help.hpp"

namespace kaudit::cli {
namespace {

constexpr std::array<const char*, 18> k_enable_valued = {
    "--kubeconfig",         "--policy",    "--policy-dest",  "--log",     "--webhook-config", "--max-age",
    "--max-backup",         "--max-size",  "--log-volume",   "--rotate",  "--manifest",       "--root",
    "--kubernetes-version", "--state-dir", "--keep-backups", "--timeout", "--output",         "--color"};
constexpr std::array<const char*, 2> k_enable_lists = {"--flag", "--ignore"};
constexpr std::array<const char*, 12> k_enable_switches = {"--verify",   "--hasten",     "--dry-run", "--check",
                                                           "--strict",   "--wait",       "--no-wait", "--no-watch",
                                                           "-q,--quiet", "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 8> k_rollback_valued = {"--manifest",  "--root",         "--kubernetes-version",
                                                          "--state-dir", "--keep-backups", "--timeout",
                                                          "--output",    "--color"};
constexpr std::array<const char*, 1> k_rollback_lists = {"--ignore"};
constexpr std::array<const char*, 11> k_rollback_switches = {"--list",       "--dry-run", "--check",    "--hasten",
                                                             "--wait",       "--no-wait", "--no-watch", "-q,--quiet",
                                                             "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 7> k_status_valued = {
    "--manifest", "--root", "--kubernetes-version", "--state-dir", "--kubeconfig", "--output", "--color"};
constexpr std::array<const char*, 5> k_status_switches = {"--follow", "-q,--quiet", "-v,--verbose", "-h,--help",
                                                          "--version"};

constexpr std::array<const char*, 7> k_verify_valued = {"--kubeconfig", "--manifest", "--root", "--kubernetes-version",
                                                        "--timeout",    "--output",   "--color"};
constexpr std::array<const char*, 1> k_verify_lists = {"--ignore"};
constexpr std::array<const char*, 4> k_verify_switches = {"-q,--quiet", "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 3> k_guard_valued = {"--root", "--state-dir", "--keep-backups"};

constexpr std::array<const char*, 8> k_disable_valued = {"--manifest",  "--root",         "--kubernetes-version",
                                                         "--state-dir", "--keep-backups", "--timeout",
                                                         "--output",    "--color"};
constexpr std::array<const char*, 1> k_disable_lists = {"--ignore"};
constexpr std::array<const char*, 11> k_disable_switches = {"--purge",      "--dry-run", "--check",    "--hasten",
                                                            "--wait",       "--no-wait", "--no-watch", "-q,--quiet",
                                                            "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 4> k_lint_valued = {"--kubernetes-version", "--severity", "--output", "--color"};
constexpr std::array<const char*, 4> k_lint_switches = {"-q,--quiet", "-v,--verbose", "-h,--help", "--version"};

constexpr std::array<const char*, 7> k_explain_valued = {
    "--requests", "--subresource", "-n,--namespace", "--as", "--kubernetes-version", "--output", "--color"};
constexpr std::array<const char*, 1> k_explain_lists = {"--as-group"};
constexpr std::array<const char*, 2> k_explain_switches = {"-h,--help", "--version"};

constexpr std::array<VerbWords, 7> k_verbs = {
    {{"enable", k_enable_valued, k_enable_lists, k_enable_switches, Arguments::none, enable_help},
     {"verify", k_verify_valued, k_verify_lists, k_verify_switches, Arguments::none, verify_help},
     {"disable", k_disable_valued, k_disable_lists, k_disable_switches, Arguments::none, disable_help},
     {"rollback", k_rollback_valued, k_rollback_lists, k_rollback_switches, Arguments::taken, rollback_help},
     {"status", k_status_valued, {}, k_status_switches, Arguments::none, status_help},
     {"lint", k_lint_valued, {}, k_lint_switches, Arguments::taken, lint_help},
     {"explain", k_explain_valued, k_explain_lists, k_explain_switches, Arguments::taken, explain_help}}};

/// Only ever started by the program itself.
constexpr VerbWords k_guard = {"guard", k_guard_valued, {}, {}, Arguments::taken, program_help};

}  // namespace

std::span<const VerbWords> all_verbs() noexcept { return k_verbs; }

const VerbWords* find_verb(std::string_view verb) noexcept {
  if (verb == k_guard.verb) return &k_guard;
  const auto* const found =
      std::find_if(k_verbs.begin(), k_verbs.end(), [&](const VerbWords& words) { return words.verb == verb; });
  return found == k_verbs.end() ? nullptr : &*found;
}

std::string long_name(std::string_view name) { return std::string(name.substr(name.find("--"))); }

}  // namespace kaudit::cli
