// What lint finds for a server whose version is not known.

#include <algorithm>
#include <functional>
#include <map>

#include "kaudit/policy/lint.hpp"

namespace kaudit::policy {
namespace {

using Diagnostics = std::vector<text::Diagnostic>;

bool is_same(const text::Diagnostic& a, const text::Diagnostic& b) { return a.code == b.code && a.offset == b.offset; }

bool has(const Diagnostics& found, const text::Diagnostic& finding) {
  return std::any_of(found.begin(), found.end(), [&](const auto& other) { return is_same(other, finding); });
}

bool are_same(const Diagnostics& a, const Diagnostics& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same);
}

class EveryVersion {
 public:
  EveryVersion(const text::Source& source, const std::vector<Reach>& reaches) : m_source(source), m_reaches(reaches) {
    look_at(kube::k_oldest_known);
    look_at(kube::k_newest_known);
    look_between(kube::k_oldest_known, kube::k_newest_known);
  }

  [[nodiscard]] Diagnostics unite() const {
    Diagnostics all;
    for (const auto& [version, found] : m_found) {
      for (const text::Diagnostic& finding : found) {
        if (has(all, finding)) continue;
        all.push_back(finding);
        all.back().message = versions_of(finding, version) + finding.message;
      }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    return all;
  }

 private:
  void look_at(kube::Version version) { m_found.emplace(version, lint(load(m_source, version), version, m_reaches)); }

  /// A field or a resource that comes or goes does so once: between two versions with the same findings nothing
  /// changes.
  void look_between(kube::Version older, kube::Version newer) {
    if (newer.minor - older.minor < 2 || are_same(m_found[older], m_found[newer])) return;
    const kube::Version middle{older.major, (older.minor + newer.minor) / 2};
    look_at(middle);
    look_between(older, middle);
    look_between(middle, newer);
  }

  /// Which versions it is for, `last` being the newest of them; empty when it is for all.
  [[nodiscard]] std::string versions_of(const text::Diagnostic& finding, kube::Version last) const {
    kube::Version first = last;
    for (const auto& [version, found] : m_found) {
      if (has(found, finding)) first = version;
    }
    if (first == kube::k_oldest_known && last == kube::k_newest_known) return {};
    const std::string from = "with Kubernetes " + kube::to_string(first);
    return (first == last ? from : from + " to " + kube::to_string(last)) + ": ";
  }

  const text::Source& m_source;
  const std::vector<Reach>& m_reaches;
  std::map<kube::Version, Diagnostics, std::greater<>> m_found;  ///< of the versions that were looked at, newest first
};

}  // namespace

std::vector<text::Diagnostic> lint_every_version(const text::Source& source, const std::vector<Reach>& reaches) {
  return EveryVersion(source, reaches).unite();
}

}  // namespace kaudit::policy
