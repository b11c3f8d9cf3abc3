#include <array>

#include <fmt/format.h>

#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

struct NamedPath {
  std::string what;
  std::string path;
};

std::vector<NamedPath> paths_of(const Job& job) {
  std::vector<NamedPath> paths;
  const auto add = [&](std::string what, const std::string& path) {
    if (path.starts_with('/')) paths.push_back({std::move(what), patch::normalise_path(path)});
  };
  add("audit log", job.plan.log_path);
  add("audit policy", job.plan.policy_path);
  add("webhook config", job.plan.webhook_path);
  if (job.drop_in) add("logrotate drop-in", job.drop_in->node_path);
  if (job.webhook) {
    for (const patch::MountedFile& file : job.webhook->mounted) add("file of the webhook config", file.path);
  }
  return paths;
}

Error refused(const std::string& message, const char* hint) {
  Error error;
  error.status = ExitStatus::refused;
  error.code = "path";
  error.message = message;
  error.hint = hint;
  return error;
}

/// Two files of the server on one place, or one where the other's directory would have to be.
Status refuse_pairs(const std::vector<NamedPath>& paths) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = i + 1; j < paths.size(); ++j) {
      // A certificate and its key may stand in one file.
      if (paths[i].what == paths[j].what) continue;
      if (!patch::below(paths[i].path, paths[j].path) && !patch::below(paths[j].path, paths[i].path)) continue;
      return refused(fmt::format("the {} {} and the {} {} are in each other's way", paths[i].what, paths[i].path,
                                 paths[j].what, paths[j].path),
                     "give each a path of its own");
    }
  }
  return Done{};
}

/// Nothing that the server can read or write may be the program's own state, or hold it.
Status refuse_state(const Job& job, const std::vector<NamedPath>& paths, const std::string& state) {
  for (const NamedPath& named : paths) {
    if (!patch::below(named.path, state) && !patch::below(state, named.path)) continue;
    return refused(
        fmt::format("the {} {} and kaudit's own state {} are in each other's way", named.what, named.path, state),
        "choose another path, or another --state-dir");
  }
  if (job.plan.log_mount == patch::Plan::LogMount::directory && patch::below(state, job.plan.log_host_path)) {
    return refused(fmt::format("the server would get {} to write to, and kaudit's own state {} lies in it",
                               job.plan.log_host_path, state),
                   "choose a directory of the log's own, or another --state-dir");
  }
  return Done{};
}

Status refuse_kernel_files(const std::vector<NamedPath>& paths) {
  constexpr std::array<const char*, 3> k_kernel = {"/dev", "/proc", "/sys"};
  for (const NamedPath& named : paths) {
    for (const char* directory : k_kernel) {
      if (!patch::below(named.path, directory)) continue;
      return refused(
          fmt::format("the {} cannot lie below {}, whose files are no files on a disk", named.what, directory),
          "--log - writes to the container's stdout");
    }
  }
  return Done{};
}

}  // namespace

Status refuse_collisions(const EnableOptions& options, const Job& job) {
  if (!options.policy && !options.log && !options.webhook_config) return Done{};
  const std::vector<NamedPath> paths = paths_of(job);
  KAUDIT_TRY_DO(refuse_pairs(paths));
  KAUDIT_TRY_DO(refuse_state(job, paths, patch::normalise_path(options.run.state_dir)));
  return refuse_kernel_files(paths);
}

}  // namespace kaudit::cli
