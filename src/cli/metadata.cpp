#include <array>

#include <fmt/format.h>

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

bool may_write(const patch::Plan& plan, const host::Metadata& there, bool directory) {
  if (plan.run_as_user == 0) return true;
  const std::uint32_t needed = directory ? 03U : 02U;  // to make files in it and to write them
  const std::uint32_t shift = there.uid == plan.run_as_user ? 6U : there.gid == plan.run_as_group ? 3U : 0U;
  return ((there.mode >> shift) & needed) == needed;
}

Status unwritable(Session& session, const patch::Plan& plan, const std::string& path) {
  return session.refuse_access(
      host::file_error(ExitStatus::refused, "unwritable-by-server", path,
                       fmt::format("the API server runs as user {} and may not write here", plan.run_as_user),
                       fmt::format("chown {}:{} it", plan.run_as_user, plan.run_as_group)));
}

/// An audit trail that others may read tells secrets; one that they may write proves nothing. The group is left to the
/// administrator: a log shipper may be in it.
void warn_if_exposed(Session& session, const std::string& path, const host::Metadata& there, bool directory) {
  constexpr std::uint32_t k_sticky = 01000U;
  const bool exposed = directory ? (there.mode & 02U) != 0 && (there.mode & k_sticky) == 0 : (there.mode & 07U) != 0;
  if (!exposed) return;
  session.warnings.push_back(
      {"log-exposed",
       fmt::format("every user of this node may {} it (mode {:04o}): chmod {} it",
                   (there.mode & 02U) != 0 ? "write" : "read", there.mode, directory ? "o-w" : "0600"),
       {},
       path,
       0,
       0});
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
  if (plan.log_host_path.empty()) return Done{};
  const auto place = session.root.locate(plan.log_host_path);
  if (!place) return Done{};  // missing directories will be made
  KAUDIT_TRY(there, host::read_owner(*place));
  if (!there) return Done{};
  const bool directory = plan.log_mount == patch::Plan::LogMount::directory;
  warn_if_exposed(session, place->path, *there, directory);
  return may_write(plan, *there, directory) ? Status(Done{}) : unwritable(session, plan, place->path);
}

}  // namespace kaudit::cli
