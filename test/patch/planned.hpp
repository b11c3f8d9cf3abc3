#pragma once

#include <string>

#include "support/catch.hpp"

#include "kaudit/decode/decode.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/patch/plan.hpp"
#include "kaudit/yaml/document.hpp"

/// Plans `desired` on a manifest's text, through every part that the program uses.
inline kaudit::Result<kaudit::patch::Plan> planned(const std::string& text, const kaudit::patch::Desired& desired) {
  const kaudit::text::Source source("kube-apiserver.yaml", text);
  KAUDIT_TRY(document, kaudit::yaml::Document::parse(source));
  KAUDIT_TRY(value, kaudit::decode::as_kubernetes_reads_it(source));
  KAUDIT_TRY(manifest, kaudit::manifest::Manifest::read(document, value));
  return kaudit::patch::plan(manifest, std::move(value), desired);
}

/// The job of the README: a policy and a log that gets a mount of its own file.
inline kaudit::patch::Desired readme_job() {
  kaudit::patch::Desired desired;
  desired.policy_path = "/etc/kubernetes/prod-audit.yaml";
  desired.policy_digest = std::string(64, 'a');
  desired.log_path = "/var/log/prod-secrets.log";
  return desired;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline bool has_warning(const kaudit::patch::Plan& plan, const std::string& code) {
  for (const kaudit::Warning& warning : plan.warnings) {
    if (warning.code == code) return true;
  }
  return false;
}
