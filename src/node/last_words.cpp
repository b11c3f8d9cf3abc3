#include <algorithm>
#include <string_view>

#include "container_log.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/node/pod_logs.hpp"
#include "log_statement.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

/// An event as the log backend writes it, as JSON or in the legacy form.
/// Source: k8s.io/apiserver plugin/pkg/audit/log/backend.go, pkg/audit/format.go EventString, v0.20.0 to v0.37.0.
bool is_audit_event(std::string_view line) {
  return has(line, "\"auditID\":") || has(line, "AUDIT: id=") ||
         (has(line, "\"kind\":\"Event\"") && has(line, "audit.k8s.io"));
}

/// What kube-apiserver writes behind these words are events that it could not record.
/// Source: k8s.io/apiserver pkg/audit/metrics.go HandlePluginError.
constexpr std::string_view k_dump = "Impacted events:";

/// What may be shown, in order. `is_in_dump`: whether the first line may already be part of such events.
std::vector<std::string> fit_to_show(const std::vector<std::string>& lines, bool is_in_dump) {
  std::vector<std::string> words;
  for (const std::string& line : lines) {
    if (is_in_dump && !starts_statement(line)) continue;
    is_in_dump = has(line, k_dump);
    const std::string_view shown = std::string_view(line).substr(0, line.find(k_dump));
    if (is_audit_event(shown)) continue;
    std::string word = harmless(shown);
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

std::vector<std::string> last_words(const host::Root& root, const PodLog& log, unsigned attempt, std::size_t limit) {
  const auto place = host::locate_through_links(root, path_of(log, attempt));
  if (!place) return {};
  const auto end = host::read_end(*place, 0, limit);
  if (!end || !*end) return {};
  const bool is_cut = (*end)->is_cut;
  return fit_to_show(written_lines((*end)->bytes, is_cut ? Beginning::cut : Beginning::whole), is_cut);
}

}  // namespace kaudit::node
