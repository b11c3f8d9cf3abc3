#include <array>

#include "kaudit/host/attributes.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

/// Flags that name files which every API server reads.
constexpr std::array<const char*, 4> k_read_flags = {"tls-cert-file", "client-ca-file", "tls-private-key-file",
                                                     "service-account-key-file"};

std::optional<host::Attribute> label_of(const host::Root& root, const std::string& node_path) {
  if (!node_path.starts_with('/')) return std::nullopt;
  const auto place = root.locate(patch::normalise_path(node_path));
  if (!place) return std::nullopt;
  auto label = host::selinux_label(*place);
  return label ? std::move(label).value() : std::nullopt;
}

Error no_label(const Session& session, const ManifestInput& input, const char* what) {
  return host::file_error(ExitStatus::refused, "selinux-label", session.root.shown(input.node_path),
                          std::string("SELinux is on, and no file that this API server already ") + what +
                              " could be found to take the label for a new one from",
                          "make the file yourself with the right label (chcon), then run this again");
}

}  // namespace

Result<host::Metadata> metadata_for_reading(Session& session, const ManifestInput& input) {
  const manifest::Manifest& manifest = input.manifest;
  host::Metadata metadata;
  // A server that is not root must read its policy but not rewrite it.
  metadata.mode = manifest.run_as_user == 0 ? 0600U : 0640U;
  metadata.gid = manifest.run_as_user == 0 ? 0 : manifest.run_as_group;
  if (!host::has_selinux(session.root)) return metadata;
  for (const char* flag : k_read_flags) {
    if (auto label = label_of(session.root, manifest.flag_value(flag))) {
      metadata.attributes.push_back(std::move(*label));
      return metadata;
    }
  }
  KAUDIT_TRY_DO(session.refuse_surroundings(no_label(session, input, "reads")));
  return metadata;
}

Result<host::Metadata> metadata_for_log(Session& session, const ManifestInput& input, const patch::Plan& plan) {
  host::Metadata metadata;
  metadata.uid = plan.run_as_user;
  metadata.gid = plan.run_as_user == 0 ? 0 : plan.run_as_group;
  metadata.mode = plan.log_mount == patch::Plan::LogMount::directory ? 0700U : 0600U;
  if (!host::has_selinux(session.root)) return metadata;
  const std::string old_log = input.manifest.flag_value("audit-log-path");
  for (const std::string& path : {plan.log_host_path, old_log}) {
    if (path.empty() || path == "-") continue;
    if (auto label = label_of(session.root, path)) {
      metadata.attributes.push_back(std::move(*label));
      return metadata;
    }
  }
  KAUDIT_TRY_DO(session.refuse_surroundings(no_label(session, input, "writes")));
  return metadata;
}

Status check_log_owner(Session& session, const patch::Plan& plan) {
  if (plan.run_as_user == 0 || plan.log_host_path.empty()) return Done{};
  const auto place = session.root.locate(plan.log_host_path);
  if (!place) return Done{};  // missing directories will be made
  KAUDIT_TRY(there, host::read_owner(*place));
  if (!there) return Done{};
  const bool directory = plan.log_mount == patch::Plan::LogMount::directory;
  const std::uint32_t needed = directory ? 03U : 02U;  // to make files in it and to write them
  const std::uint32_t shift = there->uid == plan.run_as_user ? 6U : there->gid == plan.run_as_group ? 3U : 0U;
  if (((there->mode >> shift) & needed) == needed) return Done{};
  return session.refuse_access(
      host::file_error(ExitStatus::refused, "unwritable-by-server", place->path,
                       "the API server runs as user " + std::to_string(plan.run_as_user) + " and may not write here",
                       "chown " + std::to_string(plan.run_as_user) + ":" + std::to_string(plan.run_as_group) + " it"));
}

}  // namespace kaudit::cli
