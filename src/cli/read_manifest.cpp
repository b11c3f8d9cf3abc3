#include <fmt/format.h>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/manifest/owner.hpp"
#include "kaudit/node/stray_pods.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

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
  const manifest::Manifest& manifest = input.manifest;
  KAUDIT_TRY(strays, node::stray_pods(session.root, input.node_path, manifest.pod_namespace, manifest.pod_name));
  if (strays.empty()) return Done{};
  return host::file_error(
      ExitStatus::refused, "stray-pod", strays.front(),
      fmt::format(
          "this file is the same pod ({}/{}) as {}: the kubelet takes every file of the directory whose name does "
          "not begin with a dot for a pod, and may run this one instead",
          manifest.pod_namespace, manifest.pod_name, input.node_path.substr(input.node_path.rfind('/') + 1)),
      fmt::format("move it out of {} and run this again", session.root.shown(patch::directory_of(input.node_path))));
}

Result<std::unique_ptr<ManifestInput>> understand_manifest(Session& session, const std::string& node_path,
                                                           const std::string& shown, host::FileImage image) {
  auto input = std::make_unique<ManifestInput>();
  input->node_path = node_path;
  input->image = std::move(image);
  const text::Source source(shown, input->image.bytes);
  KAUDIT_TRY(document, yaml::Document::parse(source));
  input->document.emplace(std::move(document));
  KAUDIT_TRY(value, decode::as_kubernetes_reads_it(source));
  input->value = std::move(value);
  KAUDIT_TRY(manifest, manifest::Manifest::read(*input->document, input->value, {session.options.ignore}));
  input->manifest = std::move(manifest);
  for (const text::Diagnostic& finding : input->manifest.warnings) {
    session.warnings.push_back(text::warn(source, finding));
  }
  return input;
}

Result<ManifestFile> read_manifest_file(Session& session) {
  KAUDIT_TRY(node_path, find_manifest(session));
  KAUDIT_TRY(place, session.root.locate(node_path));
  KAUDIT_TRY(image, host::read_file(place, kube::k_manifest_size_limit - 1));
  if (!image) {
    return host::file_error(ExitStatus::host_refused, "missing", place.path, "there is no such file",
                            "is this a control-plane node? name the file with --manifest");
  }
  return ManifestFile{std::move(node_path), std::move(place.path), std::move(*image)};
}

Result<std::unique_ptr<ManifestInput>> read_manifest(Session& session) {
  KAUDIT_TRY(file, read_manifest_file(session));
  if (auto trusted = host::check_owner(session.root, file.node_path); !trusted) {
    KAUDIT_TRY_DO(session.refuse_surroundings(std::move(trusted).error()));
  }
  KAUDIT_TRY(input, understand_manifest(session, file.node_path, file.shown, std::move(file.image)));
  KAUDIT_TRY_DO(heed_owner(session, *input));
  KAUDIT_TRY_DO(refuse_strays(session, *input));
  return std::move(input);
}

void hint_of_owner(Session& session, const ManifestInput& input) {
  const manifest::OwnerAdvice advice = manifest::advice_for(manifest::owner_of(input.manifest, input.node_path));
  if (advice.action != manifest::OwnerAdvice::Action::hint) return;
  session.warnings.push_back(
      {advice.code, fmt::format("{}; {}", advice.message, advice.hint), {}, session.root.shown(input.node_path), 0, 0});
}

}  // namespace kaudit::cli
