#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "support/catch.hpp"
#include "support/manifest_generator.hpp"
#include "support/random.hpp"

#include "kaudit/decode/decode.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/patch/plan.hpp"
#include "kaudit/text/unified_diff.hpp"
#include "kaudit/yaml/document.hpp"
#include "text/apply_diff.hpp"

using kaudit::Result;
using kaudit::manifest::Manifest;
using kaudit::patch::Desired;
using kaudit::patch::LogVolume;
using kaudit::patch::Plan;
using kaudit::patch::Rotator;
using kaudit::test::apply_diff;
using kaudit::test::Direction;
using kaudit::test::Random;
using kaudit::text::Source;

namespace {

/// How many manifests; CI asks for 20,000 with KAUDIT_LAW_SEEDS.
std::uint64_t seeds() {
  const char* wanted = std::getenv("KAUDIT_LAW_SEEDS");
  return wanted == nullptr ? 1000 : std::strtoull(wanted, nullptr, 10);
}

Result<Plan> planned(const Source& source, const Desired& desired) {
  KAUDIT_TRY(document, kaudit::yaml::Document::parse(source));
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  KAUDIT_TRY(manifest, kaudit::manifest::Manifest::read(document, value));
  return kaudit::patch::plan(manifest, std::move(value), desired);
}

/// A manifest's text as every part reads it.
struct Reading {
  kaudit::yaml::Document document;
  kaudit::decode::Value value;
  Manifest manifest;
};

std::unique_ptr<Reading> reading_of(const std::string& text) {
  auto document = kaudit::yaml::Document::parse(Source("f", text));
  auto value = kaudit::decode::as_kubernetes_reads_it(Source("f", text));
  REQUIRE(document);
  REQUIRE(value);
  auto reading = std::make_unique<Reading>(Reading{std::move(*document), std::move(*value), {}});
  auto manifest = Manifest::read(reading->document, reading->value);
  REQUIRE(manifest);
  reading->manifest = std::move(*manifest);
  return reading;
}

/// Whether a list or mapping stands there without members (null, `[]`): what enable puts into it leaves no trace of
/// that.
bool is_empty(const Reading& reading, std::optional<kaudit::yaml::NodeId> node) {
  return node && reading.document.node(*node).child_count == 0;
}

bool has_empty_places(const Reading& reading) {
  const Manifest& manifest = reading.manifest;
  return is_empty(reading, manifest.annotations) || is_empty(reading, manifest.mounts_place.list) ||
         is_empty(reading, manifest.volumes_place.list);
}

/// A job of every kind that `enable` has.
Desired random_job(Random& random) {
  Desired desired;
  desired.version = kaudit::kube::Version{1, 30};
  desired.policy_path =
      random.of<const char*>({"/etc/kubernetes/prod-audit.yaml", "/etc/kubernetes/audit/policy.yaml"});
  desired.policy_digest = std::string(64, random.of<char>({'a', '1', 'e', '0'}));
  desired.log_path = random.of<const char*>(
      {"/var/log/prod-secrets.log", "/var/log/kubernetes/audit/audit.log", "/var/log/a b/#c: d.log", "-"});
  desired.log_directory_is_own = random.one_in(2);
  if (random.one_in(3)) desired.max_age_days = 7;
  if (random.one_in(3)) desired.flags.push_back({"audit-log-compress", "true"});
  if (random.one_in(4)) desired.flags.push_back({"audit-log-format", "json"});
  if (random.one_in(4)) desired.webhook_path = "/etc/kubernetes/webhook.yaml";
  if (desired.webhook_path) desired.webhook_digest = std::string(64, 'f');
  if (*desired.log_path != "-" && random.one_in(3)) {
    desired.log_volume = random.of<LogVolume>({LogVolume::file, LogVolume::directory});
  }
  return desired;
}

/// Every byte of the old text that no edit deletes is in the new one, in order, with nothing between but replacements.
void check_frame(const Source& source, const Plan& plan) {
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  for (const kaudit::text::TextEdit& edit : plan.edits) {
    const std::size_t kept = edit.span.begin - old_at;
    REQUIRE(plan.new_text.compare(new_at, kept, source.bytes().substr(old_at, kept)) == 0);
    new_at += kept;
    REQUIRE(plan.new_text.compare(new_at, edit.replacement.size(), edit.replacement) == 0);
    new_at += edit.replacement.size();
    old_at = edit.span.end;
  }
  REQUIRE(plan.new_text.substr(new_at) == source.bytes().substr(old_at));
}

void check_diff(const Source& source, const Plan& plan) {
  const std::string diff = kaudit::text::unified_diff({"a/f", "b/f"}, source, plan.edits);
  REQUIRE(apply_diff(source.bytes(), diff, Direction::forward) == plan.new_text);
  REQUIRE(apply_diff(plan.new_text, diff, Direction::reverse) == source.bytes());
}

void check_idempotent(const std::string& text, const Desired& desired) {
  const auto again = planned(Source("f", text), desired);
  if (!again) FAIL(kaudit::to_text(again.error()));
  REQUIRE(again->edits.empty());
  REQUIRE(again->new_text == text);
}

}  // namespace

TEST_CASE("a plan is verified, keeps every byte it does not name, can be undone, and is empty the second time",
          "[laws]") {
  std::uint64_t refused = 0;
  const std::uint64_t count = seeds();
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    INFO("seed " << seed);
    const Source source("f", kaudit::test::generate_manifest(seed));
    Random random(seed);
    const Desired desired = random_job(random);
    const auto plan = planned(source, desired);
    if (!plan) {
      // What is refused has a reason and a place, and is no defect of ours.
      INFO(kaudit::to_text(plan.error()) << source.bytes());
      REQUIRE(plan.error().status == kaudit::ExitStatus::refused);
      REQUIRE(plan.error().line != 0);
      ++refused;
      continue;
    }
    INFO(source.bytes());
    REQUIRE_FALSE(plan->edits.empty());
    check_frame(source, *plan);
    check_diff(source, *plan);
    check_idempotent(plan->new_text, desired);
  }
  WARN(count << " manifests, " << refused << " refused");
  CHECK(refused * 50 < count);
}

TEST_CASE("a second job on the result of the first obeys the same laws", "[laws]") {
  const std::uint64_t count = seeds() / 4;
  std::uint64_t changed = 0;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    INFO("seed " << seed);
    Random random(seed + 1'000'000);
    const auto first = planned(Source("f", kaudit::test::generate_manifest(seed)), random_job(random));
    if (!first) continue;
    const Source source("f", first->new_text);
    const Desired other = random_job(random);
    const auto plan = planned(source, other);
    INFO(source.bytes());
    if (!plan) FAIL(kaudit::to_text(plan.error()));
    check_frame(source, *plan);
    check_diff(source, *plan);
    check_idempotent(plan->new_text, other);
    changed += plan->edits.empty() ? 0U : 1U;
  }
  CHECK(changed * 2 > count);
}

TEST_CASE("a log that logrotate rotates is as stable, and the server's again as if it had never been", "[laws]") {
  const std::uint64_t count = seeds() / 2;
  std::uint64_t rotated = 0;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    INFO("seed " << seed);
    const Source source("f", kaudit::test::generate_manifest(seed));
    Random random(seed + 3'000'000);
    Desired desired = random_job(random);
    desired.rotation.is_logrotate_able = true;
    const auto plan = planned(source, desired);
    if (!plan) continue;
    INFO(source.bytes() << plan->new_text);
    Desired server = desired;
    server.rotation.rotator = Rotator::server;
    const auto without = planned(source, server);
    REQUIRE(without);
    REQUIRE((plan->rotator == Rotator::logrotate) == (plan->log_mount == Plan::LogMount::file));
    if (plan->rotator != Rotator::logrotate) {
      REQUIRE(plan->new_text == without->new_text);
      continue;
    }
    ++rotated;
    desired.rotation.has_drop_in = true;
    desired.rotation.drop_in_size_mb = plan->log_max_size_mb;
    check_idempotent(plan->new_text, desired);
    server.rotation = desired.rotation;
    server.rotation.rotator = Rotator::server;
    const auto back = planned(Source("f", plan->new_text), server);
    if (!back) FAIL(kaudit::to_text(back.error()));
    REQUIRE(back->new_text == without->new_text);
  }
  CHECK(rotated * 10 > count);
}

TEST_CASE("disable takes out what enable put in, to the byte", "[laws]") {
  const std::uint64_t count = seeds();
  std::uint64_t same = 0;
  std::uint64_t emptied = 0;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    INFO("seed " << seed);
    const std::string text = kaudit::test::generate_manifest(seed);
    Random random(seed + 2'000'000);
    const auto enabled = planned(Source("f", text), random_job(random));
    if (!enabled) continue;
    INFO(text << enabled->new_text);
    const auto before = reading_of(text);
    const auto after = reading_of(enabled->new_text);
    auto plan = kaudit::patch::plan_disable(after->manifest, after->value);
    if (!plan) FAIL(kaudit::to_text(plan.error()));
    check_frame(after->document.source(), *plan);
    check_diff(after->document.source(), *plan);
    const auto again = reading_of(plan->new_text);
    REQUIRE_FALSE(kaudit::patch::has_auditing(again->manifest));
    REQUIRE(kaudit::patch::plan_disable(again->manifest, again->value)->edits.empty());
    const auto old_tree = kaudit::patch::without_auditing(before->manifest, before->value);
    const auto new_tree = kaudit::patch::without_auditing(after->manifest, after->value);
    REQUIRE(old_tree);
    REQUIRE(new_tree);
    REQUIRE(kaudit::decode::equal(*old_tree, *new_tree));
    if (has_empty_places(*before)) {
      ++emptied;
    } else {
      REQUIRE(plan->new_text == text);
      ++same;
    }
  }
  WARN(count << " manifests, " << same << " to the byte, " << emptied << " with an empty list or mapping less");
  CHECK(same * 2 > count);
}
