#include <filesystem>

#include <fmt/format.h>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/manifest/owner.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

/// Where a link beside the manifest leads, as a path of the node.
std::string target_of(const host::Place& link, const std::string& target) {
  const std::string path = target.starts_with('/') ? target : patch::directory_of(link.node_path) + "/" + target;
  return std::filesystem::path(path).lexically_normal().string();
}

/// The bytes of a neighbour as the kubelet would read them: links are followed, what is not a regular file is not read.
std::optional<std::string> neighbour_bytes(const Session& session, host::Place place) {
  constexpr int k_most_links = 40;  // as the kernel: path_resolution(7)
  for (int links = 0; links <= k_most_links; ++links) {
    auto file = host::read_file(place, kube::k_manifest_size_limit);
    if (file && *file) return std::move((*file)->bytes);
    if (file || file.error().code != "symlink") return std::nullopt;
    const auto target = host::read_link(place);
    if (!target) return std::nullopt;
    auto next = session.root.locate(target_of(place, *target));
    if (!next) return std::nullopt;
    place = std::move(next).value();
  }
  return std::nullopt;
}

/// Whoever else writes this manifest: refused or warned about. (What the owner's next upgrade needs is told with a
/// plan.)
Status heed_owner(Session& session, const ManifestInput& input) {
  using Action = manifest::OwnerAdvice::Action;
  const manifest::OwnerAdvice advice = manifest::advice_for(manifest::owner_of(input.manifest, input.node_path));
  const std::string path = session.root.shown(input.node_path);
  if (advice.action == Action::refuse) {
    return session.refuse_surroundings(
        host::file_error(ExitStatus::refused, "managed-elsewhere", path, advice.message, advice.hint));
  }
  if (advice.action == Action::warn) {
    session.warnings.push_back({advice.code, fmt::format("{}; {}", advice.message, advice.hint), {}, path, 0, 0});
  }
  return Done{};
}

}  // namespace

Status refuse_strays(Session& session, const ManifestInput& input) {
  KAUDIT_TRY(place, session.root.locate(input.node_path));
  KAUDIT_TRY(names, host::list_beside(place, host::Hidden::skipped));
  const std::string identity = input.manifest.pod_namespace + "/" + input.manifest.pod_name;
  for (const std::string& name : names) {
    if (name == place.leaf) continue;
    KAUDIT_TRY(neighbour, host::sibling(place, name));
    const std::string path = neighbour.path;
    const auto bytes = neighbour_bytes(session, std::move(neighbour));
    if (!bytes) continue;
    const auto value = decode::as_kubernetes_reads_it(text::Source(path, *bytes));
    if (!value || manifest::static_pod_identity(*value) != identity) continue;
    return host::file_error(
        ExitStatus::refused, "stray-pod", path,
        fmt::format(
            "this file is the same pod ({}) as {}: the kubelet takes every file of the directory whose name does "
            "not begin with a dot for a pod, and may run this one instead",
            identity, place.leaf),
        fmt::format("move it out of {} and run this again", session.root.shown(patch::directory_of(input.node_path))));
  }
  return Done{};
}

Result<std::unique_ptr<ManifestInput>> read_manifest(Session& session) {
  auto input = std::make_unique<ManifestInput>();
  KAUDIT_TRY(node_path, find_manifest(session));
  input->node_path = node_path;
  KAUDIT_TRY(place, session.root.locate(node_path));
  KAUDIT_TRY(image, host::read_file(place, kube::k_manifest_size_limit - 1));
  if (!image) {
    return host::file_error(ExitStatus::host_refused, "missing", place.path, "there is no such file",
                            "is this a control-plane node? name the file with --manifest");
  }
  if (auto trusted = host::check_owner(session.root, node_path); !trusted) {
    KAUDIT_TRY_DO(session.refuse_surroundings(std::move(trusted).error()));
  }
  input->image = std::move(*image);
  const text::Source source(place.path, input->image.bytes);
  KAUDIT_TRY(document, yaml::Document::parse(source));
  input->document.emplace(std::move(document));
  KAUDIT_TRY(value, decode::as_kubernetes_reads_it(source));
  input->value = std::move(value);
  KAUDIT_TRY(manifest, manifest::Manifest::read(*input->document, input->value, {session.options.ignore}));
  input->manifest = std::move(manifest);
  for (const text::Diagnostic& finding : input->manifest.warnings) {
    session.warnings.push_back(text::warn(source, finding));
  }
  KAUDIT_TRY_DO(heed_owner(session, *input));
  KAUDIT_TRY_DO(refuse_strays(session, *input));
  return input;
}

void hint_of_owner(Session& session, const ManifestInput& input) {
  const manifest::OwnerAdvice advice = manifest::advice_for(manifest::owner_of(input.manifest, input.node_path));
  if (advice.action != manifest::OwnerAdvice::Action::hint) return;
  session.warnings.push_back(
      {advice.code, fmt::format("{}; {}", advice.message, advice.hint), {}, session.root.shown(input.node_path), 0, 0});
}

}  // namespace kaudit::cli
