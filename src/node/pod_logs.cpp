#include "kaudit/node/pod_logs.hpp"

#include <algorithm>
#include <string_view>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/host/file_facts.hpp"

namespace kaudit::node {
namespace {

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// How much an uid looks like a static pod's: 2 for what the kubelet makes itself, 1 for a UUID, 0 for anything else
/// that a manifest may have set.
int likeness(std::string_view uid) {
  if (uid.size() == 32 && std::all_of(uid.begin(), uid.end(), is_hex)) return 2;
  constexpr std::string_view k_shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool is_uuid =
      uid.size() == k_shape.size() &&
      std::equal(uid.begin(), uid.end(), k_shape.begin(), [](char c, char s) { return s == 'x' ? is_hex(c) : c == s; });
  return is_uuid ? 1 : 0;
}

/// A directory that may be the pod's.
struct Candidate {
  std::string node;  ///< what stands where the node's name should
  PodLog log;
};

/// "0.log" is 0; nothing for every other name.
std::optional<unsigned> attempt_of(std::string_view name) {
  constexpr std::string_view k_end = ".log";
  constexpr std::size_t k_most_digits = 9;
  if (!name.ends_with(k_end)) return std::nullopt;
  name.remove_suffix(k_end.size());
  if (name.empty() || name.size() > k_most_digits || !std::all_of(name.begin(), name.end(), is_digit)) {
    return std::nullopt;
  }
  unsigned number = 0;
  for (const char c : name) number = number * 10 + static_cast<unsigned>(c - '0');
  return number;
}

/// Neither a namespace nor the name of a pod or node can have an underscore.
std::optional<Candidate> candidate_of(const std::string& entry, const ApiServer& server) {
  const std::string prefix = server.pod_namespace + "_" + server.pod_name + "-";
  if (!entry.starts_with(prefix)) return std::nullopt;
  const std::size_t underscore = entry.find('_', prefix.size());
  if (underscore == std::string::npos || underscore == prefix.size() || underscore + 1 == entry.size()) {
    return std::nullopt;
  }
  Candidate candidate;
  candidate.node = entry.substr(prefix.size(), underscore - prefix.size());
  candidate.log.uid = entry.substr(underscore + 1);
  return candidate;
}

/// Names in a directory that may be reached through links; nothing: there is no such directory.
std::optional<std::vector<std::string>> names_in(const host::Root& root, const std::string& directory) {
  const auto place = root.locate(directory + "/any");
  if (!place) return std::nullopt;
  auto names = host::list_beside(*place, host::Hidden::skipped);
  if (!names) return std::nullopt;
  return std::move(names).value();
}

/// Two pods of this node whose names begin alike, `kube-apiserver` and `kube-apiserver-proxy`: what stands where the
/// node's name should then ends in the node's name.
bool has_longer_name(const Candidate& candidate, const std::vector<Candidate>& all) {
  return std::any_of(all.begin(), all.end(),
                     [&](const Candidate& other) { return candidate.node.ends_with("-" + other.node); });
}

}  // namespace

std::vector<PodLog> pod_logs_of(const host::Root& root, const std::string& pod_log_directory, const ApiServer& server) {
  std::vector<Candidate> candidates;
  int best = 0;
  for (const std::string& entry : names_in(root, pod_log_directory).value_or(std::vector<std::string>())) {
    std::optional<Candidate> candidate = candidate_of(entry, server);
    if (!candidate) continue;
    candidate->log.directory = pod_log_directory + "/" + entry + "/" + server.container;
    const auto files = names_in(root, candidate->log.directory);
    if (!files) continue;
    for (const std::string& file : *files) {
      if (const auto attempt = attempt_of(file)) candidate->log.attempts.push_back(*attempt);
    }
    std::sort(candidate->log.attempts.begin(), candidate->log.attempts.end());
    best = std::max(best, likeness(candidate->log.uid));
    candidates.push_back(std::move(*candidate));
  }
  std::vector<PodLog> logs;
  for (const Candidate& candidate : candidates) {
    if (likeness(candidate.log.uid) == best && !has_longer_name(candidate, candidates)) logs.push_back(candidate.log);
  }
  return logs;
}

std::string path_of(const PodLog& log, unsigned attempt) {
  return log.directory + "/" + std::to_string(attempt) + ".log";
}

std::optional<PodLog> newest_pod_log(const host::Root& root, const std::string& pod_log_directory,
                                     const ApiServer& server) {
  std::optional<PodLog> newest;
  double newest_time = 0;
  for (PodLog& log : pod_logs_of(root, pod_log_directory, server)) {
    if (log.attempts.empty()) continue;
    const auto place = host::locate_through_links(root, path_of(log, log.attempts.back()));
    const auto facts = place ? host::look_at(*place) : Result<std::optional<host::FileFacts>>(place.error());
    if (!facts || !*facts || (newest && (*facts)->modified < newest_time)) continue;
    newest_time = (*facts)->modified;
    newest = std::move(log);
  }
  return newest;
}

}  // namespace kaudit::node
