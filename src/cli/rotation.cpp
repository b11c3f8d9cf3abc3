#include "rotation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "kaudit/base/units.hpp"
#include "kaudit/host/attributes.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/patch/paths.hpp"
#include "kaudit/rollout/history.hpp"
#include "rotation_warnings.hpp"

namespace kaudit::cli {
namespace {

Error refused(std::string_view code, std::string path, std::string message, std::string hint) {
  return host::file_error(ExitStatus::refused, code, std::move(path), std::move(message), std::move(hint));
}

constexpr const char* k_without = "--rotate server leaves logrotate out of it";

/// The manifest of the newest run that wrote the drop-in, or took it away; "": none is stored.
std::string owner_of_drop_in(const Session& session) {
  const auto runs = rollout::list_runs(session.root, session.state());
  if (!runs) return {};
  for (const rollout::StoredRun& run : *runs) {
    const bool has_it = std::any_of(run.files.begin(), run.files.end(), [](const rollout::StoredFile& file) {
      return file.role == rollout::Role::drop_in;
    });
    if (has_it && rollout::is_in_force(run.state)) return run.files.front().node_path;
  }
  return {};
}

bool takes_one_of(const Session& session, const std::vector<std::string>& logs) {
  return std::any_of(logs.begin(), logs.end(), [&](const std::string& log) {
    const auto rules = node::logrotate_rules_for(session.root, log);
    return std::any_of(rules.begin(), rules.end(),
                       [](const node::LogrotateRule& rule) { return rule.file == node::k_logrotate_drop_in; });
  });
}

/// A drop-in of this program's that another manifest's log needs.
Status refuse_of_others(const Session& session, const std::string& shown, const std::string& manifest,
                        const std::vector<std::string>& logs) {
  const std::string owner = owner_of_drop_in(session);
  if (owner.empty() ? takes_one_of(session, logs) : owner == manifest) return Done{};
  return refused("drop-in-taken", shown,
                 owner.empty() ? "rotates another log than this manifest's, and no stored run tells for whom"
                               : "rotates the log of " + owner,
                 std::string("remove it if nothing needs it any more; ") + k_without);
}

/// What stands where the drop-in would: ours, nothing, or what must not be touched.
Result<std::optional<NodeFile>> read_own(const Session& session, const std::string& manifest,
                                         const std::vector<std::string>& logs) {
  const auto place = session.root.locate(node::k_logrotate_drop_in);
  if (!place && place.error().code == "missing-directory") return std::optional<NodeFile>();
  if (!place) return place.error();
  KAUDIT_TRY(image, host::read_file(*place, k_input_limit));
  if (!image) return std::optional<NodeFile>();
  if (!node::is_own_drop_in(image->bytes)) {
    return refused("drop-in-taken", place->path, "is not a file of kaudit's, and is never overwritten",
                   std::string("rename or remove it; ") + k_without);
  }
  KAUDIT_TRY_DO(refuse_of_others(session, place->path, manifest, logs));
  NodeFile file;
  file.role = rollout::Role::drop_in;
  file.node_path = node::k_logrotate_drop_in;
  file.bytes = image->bytes;
  file.digest = host::sha256(file.bytes);
  file.metadata = image->metadata;
  file.before = std::move(*image);
  return std::optional(std::move(file));
}

bool asks_about_log(const EnableOptions& options) { return options.log || options.log_volume || options.rotate; }

bool asks_for_compression(const EnableOptions& options) {
  return std::any_of(options.flags.begin(), options.flags.end(),
                     [](const patch::FlagWish& wish) { return wish.name == "audit-log-compress"; });
}

/// Options given, else what the drop-in says, else what the server was given.
node::LogrotateDropIn wanted_settings(const EnableOptions& options, const RotationOnNode& on_node,
                                      const patch::Plan& plan) {
  const auto& now = on_node.settings;
  node::LogrotateDropIn wanted;
  wanted.log_path = plan.log_host_path;
  wanted.size_bytes =
      now && !options.max_size_mb ? now->size_bytes : static_cast<std::uint64_t>(plan.log_max_size_mb) * k_megabyte;
  wanted.backups = now && !options.max_backups ? now->backups : plan.log_max_backups;
  wanted.age_days = now && !options.max_age_days ? now->age_days : plan.log_max_age_days;
  wanted.compresses = now && !asks_for_compression(options) ? now->compresses : plan.compresses_log;
  return wanted;
}

/// logrotate passes over a file that is not root's or that others may write; its label is that of its neighbours.
host::Metadata metadata_of(const Session& session, const RotationOnNode& on_node) {
  constexpr std::uint32_t k_others_write = 022;
  if (on_node.own) {
    const host::Metadata& now = on_node.own->metadata;
    if (session.root.is_trusted_owner(now.uid) && (now.mode & k_others_write) == 0) return now;
  }
  host::Metadata metadata;
  metadata.mode = 0644;
  if (!host::has_selinux(session.root)) return metadata;
  const auto config = session.root.locate(node::k_logrotate_config);
  if (!config) return metadata;
  const auto label = host::selinux_label(*config);
  if (label && *label) metadata.attributes.push_back(**label);
  return metadata;
}

Status check_able(const Session& session, const RotationOnNode& on_node, const std::string& log) {
  if (on_node.logrotate.program.empty()) {
    return refused("no-logrotate", session.root.shown("/usr/sbin/logrotate"),
                   "--rotate logrotate: this node has no logrotate",
                   "install it, or mount the log with a directory of its own (--log-volume directory)");
  }
  if (!on_node.logrotate.reads_drop_ins) {
    return refused("no-logrotate", session.root.shown(node::k_logrotate_config),
                   fmt::format("--rotate logrotate: this configuration does not read {}", node::k_logrotate_drop_in),
                   "add the line: include /etc/logrotate.d");
  }
  if (!on_node.logrotate.schedule.reaches(log)) {
    return refused("logrotate-out-of-reach", session.root.shown(node::k_logrotate_config),
                   fmt::format("--rotate logrotate: where systemd starts logrotate ({}), it cannot write {}",
                               on_node.logrotate.schedule.source, log),
                   std::string("put the log below /var/log, or add its directory to ReadWritePaths of "
                               "logrotate.service; ") +
                       k_without);
  }
  if (node::is_rotatable_path(log)) return Done{};
  return refused("unrotatable-path", log,
                 "logrotate cannot be given this path alone: it would take wildcards, quotes, braces and control "
                 "characters in it for something else",
                 std::string("choose another path for the log; ") + k_without);
}

/// The drop-in as it shall be. One whose settings are not understood stays as it is while nothing about it is asked.
Result<std::string> text_for(const EnableOptions& options, const RotationOnNode& on_node,
                             const node::LogrotateDropIn& wanted) {
  if (!on_node.own) return node::to_text(wanted);
  if (on_node.settings) return node::changed_drop_in(on_node.own->bytes, wanted);
  const bool is_asked = options.rotate || options.max_size_mb || options.max_backups || options.max_age_days ||
                        asks_for_compression(options);
  if (!is_asked) return on_node.own->bytes;
  return refused("drop-in-edited", on_node.own->node_path,
                 "was edited so that it is no longer one block for one log with size, rotate and copytruncate: kaudit "
                 "does not know how to change it",
                 "remove it to have it written anew, or edit it yourself and leave --rotate and the max options out");
}

Status keep_in_step(Session& session, const EnableOptions& options, const RotationOnNode& on_node, Job& job) {
  patch::Plan& plan = job.plan;
  if (!on_node.own || options.rotate) KAUDIT_TRY_DO(check_able(session, on_node, plan.log_host_path));
  if (on_node.obstacle) return *on_node.obstacle;
  const node::LogrotateDropIn wanted = wanted_settings(options, on_node, plan);
  KAUDIT_TRY(text, text_for(options, on_node, wanted));
  plan.log_max_backups = wanted.backups;
  plan.log_max_size_mb = static_cast<std::int64_t>((wanted.size_bytes + k_megabyte - 1) / k_megabyte);
  NodeFile file;
  if (on_node.own) file = *on_node.own;
  file.role = rollout::Role::drop_in;
  file.node_path = node::k_logrotate_drop_in;
  file.bytes = std::move(text);
  file.digest = host::sha256(file.bytes);
  file.metadata = metadata_of(session, on_node);
  job.drop_in = std::move(file);
  if (!on_node.settings && on_node.own) warn_of_edits(session);
  warn_of_schedule(session, on_node.logrotate, plan.log_host_path);
  return Done{};
}

}  // namespace

RotationOnNode look_at_rotation(const Session& session, const std::string& manifest,
                                const std::vector<std::string>& logs) {
  RotationOnNode on_node;
  on_node.logrotate = node::find_logrotate(session.root);
  auto own = read_own(session, manifest, logs);
  if (!own) {
    on_node.obstacle = std::move(own).error();
  } else if (*own) {
    on_node.settings = node::read_drop_in((*own)->bytes);
    on_node.own = *std::move(own);
  }
  return on_node;
}

std::vector<std::string> logs_of(const manifest::Manifest& manifest) {
  const std::string path = manifest.flag_value("audit-log-path");
  if (!path.starts_with('/')) return {};
  return {patch::node_path_of(manifest, path).value_or(patch::normalise_path(path))};
}

void warn_of_kept_drop_in(Session& session, const RotationOnNode& on_node, const std::vector<std::string>& logs) {
  if (!on_node.obstacle || !takes_one_of(session, logs)) return;
  Warning warning;
  warning.code = on_node.obstacle->code;
  warning.message = on_node.obstacle->message + ": it stays, and logrotate goes on with this log";
  warning.file = on_node.obstacle->file;
  session.warnings.push_back(std::move(warning));
}

patch::RotationWish rotation_wish(const EnableOptions& options, const ManifestInput& input,
                                  const RotationOnNode& on_node) {
  patch::RotationWish wish;
  wish.rotator = options.rotate;
  const std::string log = options.log.value_or(input.manifest.flag_value("audit-log-path"));
  const std::string path = log.starts_with('/') ? patch::normalise_path(log) : std::string();
  wish.is_logrotate_able =
      on_node.logrotate.takes_drop_ins() && node::is_rotatable_path(path) && on_node.logrotate.schedule.reaches(path);
  wish.has_drop_in = on_node.own.has_value();
  if (on_node.settings) {
    wish.drop_in_size_mb = static_cast<std::int64_t>((on_node.settings->size_bytes + k_megabyte - 1) / k_megabyte);
  }
  return wish;
}

Status settle_rotation(Session& session, const EnableOptions& options, const RotationOnNode& on_node, Job& job) {
  const patch::Plan& plan = job.plan;
  if (plan.rotator == patch::Rotator::logrotate) {
    KAUDIT_TRY_DO(keep_in_step(session, options, on_node, job));
  } else if (on_node.own) {
    job.drop_in_removed = on_node.own;
  }
  if (plan.log_mount == patch::Plan::LogMount::none || !plan.log_path.starts_with('/')) return Done{};
  return check_rules(session, plan, asks_about_log(options) ? Asked::about_log : Asked::about_others);
}

}  // namespace kaudit::cli
