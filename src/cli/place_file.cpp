#include <fmt/format.h>

#include "kaudit/host/attributes.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

constexpr const char* k_kubernetes = "/etc/kubernetes";

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Whether a process of these ids may read a file of this owner and mode (capabilities aside: the server may lack
/// them).
bool may_read(const host::Metadata& file, std::uint32_t uid, std::uint32_t gid) {
  if (uid == 0) return true;
  if (file.uid == uid) return (file.mode & 0400U) != 0;
  if (file.gid == gid) return (file.mode & 0040U) != 0;
  return (file.mode & 0004U) != 0;
}

/// The path inside this root of a file that is used where it is; "" if it has to be installed.
std::string used_in_place(const Session& session, const Placement& placement) {
  const std::string inside = session.root.node_path_of(placement.given);
  if (!patch::below(inside, k_kubernetes)) return {};
  return !placement.dest || *placement.dest == inside ? inside : std::string();
}

/// The file, if it is there, and the directories above it are nobody else's to change.
Status check_trusted(Session& session, const std::string& node_path) {
  auto trusted = host::check_owner(session.root, node_path);
  if (trusted || trusted.error().code == "missing-directory") return Done{};
  Error error = std::move(trusted).error();
  if (error.code == "foreign-owner") error.code = "writable-by-others";
  return session.refuse_surroundings(std::move(error));
}

Status check_in_place(Session& session, const ManifestInput& input, const NodeFile& file) {
  KAUDIT_TRY_DO(check_trusted(session, file.node_path));
  if (!may_read(file.before->metadata, input.manifest.run_as_user, input.manifest.run_as_group)) {
    KAUDIT_TRY_DO(session.refuse_access(host::file_error(
        ExitStatus::refused, "unreadable-by-server", session.root.shown(file.node_path),
        fmt::format("the API server runs as user {} and may not read this file (owner {}:{}, mode {:04o})",
                    input.manifest.run_as_user, file.before->metadata.uid, file.before->metadata.gid,
                    file.before->metadata.mode),
        fmt::format("chgrp {} and chmod 0640 it", input.manifest.run_as_group))));
  }
  return Done{};
}

/// Whether the flag of the running configuration names this very file.
bool is_servers_own(const ManifestInput& input, const Placement& placement, const std::string& node_path) {
  const std::string current = input.manifest.flag_value(placement.flag);
  return !current.empty() &&
         patch::normalise_path(current) == (placement.flag_names.empty() ? node_path : placement.flag_names);
}

Status check_destination(Session& session, const ManifestInput& input, const Placement& placement,
                         const NodeFile& file) {
  if (!file.before || file.before->bytes == file.bytes || is_servers_own(input, placement, file.node_path)) {
    return Done{};
  }
  return host::file_error(
      ExitStatus::refused, "destination-exists", session.root.shown(file.node_path),
      "a file with other content is there already, and it is not this API server's: not overwritten",
      "give another destination with --policy-dest, or rename the file you give");
}

}  // namespace

Result<NodeFile> place_file(Session& session, const ManifestInput& input, const Placement& placement) {
  NodeFile file;
  file.role = placement.role;
  file.origin = placement.given;
  const std::string in_place = used_in_place(session, placement);
  file.node_path = !in_place.empty()
                       ? in_place
                       : placement.dest.value_or(fmt::format("{}/{}", k_kubernetes, file_name(placement.given)));
  KAUDIT_TRY_DO(refuse_below_manifests(input, file.node_path, placement.given));
  if (patch::is_expanded(file.node_path)) {
    return host::file_error(ExitStatus::refused, "path", placement.given,
                            R"(the kubelet would expand "$(" or "$$" in )" + file.node_path,
                            "choose another path with --policy-dest, or rename the file");
  }
  KAUDIT_TRY(given, host::read_own_file(placement.given, k_input_limit));
  KAUDIT_TRY(missing, missing_directories(session.root, file.node_path));
  if (missing.empty()) {
    KAUDIT_TRY(place, session.root.locate(file.node_path));
    KAUDIT_TRY(before, host::read_file(place, k_input_limit));
    file.before = std::move(before);
  }
  file.bytes = std::move(given.bytes);
  file.digest = host::sha256(file.bytes);
  if (!in_place.empty() && file.before) {
    KAUDIT_TRY_DO(check_in_place(session, input, file));
    file.metadata = file.before->metadata;
    return file;
  }
  KAUDIT_TRY_DO(check_destination(session, input, placement, file));
  if (file.before) {
    KAUDIT_TRY_DO(check_in_place(session, input, file));
    file.metadata = file.before->metadata;
  } else {
    KAUDIT_TRY_DO(check_trusted(session, file.node_path));
    KAUDIT_TRY(metadata, metadata_for_reading(session, input));
    file.metadata = std::move(metadata);
  }
  return file;
}

Status refuse_below_manifests(const ManifestInput& input, std::string_view node_path, std::string_view what) {
  const std::string directory = patch::directory_of(input.node_path);
  for (const std::string& manifests : {directory, std::string("/etc/kubernetes/manifests")}) {
    if (!patch::below(node_path, manifests)) continue;
    return host::file_error(
        ExitStatus::refused, "below-manifests", std::string(what),
        fmt::format("{} lies below {}, where the kubelet takes every file for a pod", node_path, manifests),
        "choose a path outside the manifests directory");
  }
  return Done{};
}

}  // namespace kaudit::cli
