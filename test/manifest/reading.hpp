#pragma once

#include <memory>
#include <optional>
#include <string>

#include "support/catch.hpp"

#include "kaudit/decode/decode.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/yaml/document.hpp"

/// A manifest read from literal text, with what it refers to kept alive.
class Reading {
 public:
  explicit Reading(const std::string& text, const kaudit::manifest::ReadOptions& options = {}) {
    const kaudit::text::Source source("pod.yaml", text);
    auto document = kaudit::yaml::Document::parse(source);
    auto value = kaudit::decode::as_kubernetes_reads_it(source);
    if (!document) FAIL(kaudit::to_text(document.error()));
    if (!value) FAIL(kaudit::to_text(value.error()));
    m_document = std::make_unique<kaudit::yaml::Document>(std::move(*document));
    m_result.emplace(kaudit::manifest::Manifest::read(*m_document, *value, options));
  }

  [[nodiscard]] const kaudit::manifest::Manifest* operator->() const {
    if (!*m_result) FAIL(kaudit::to_text(m_result->error()));
    return &**m_result;
  }
  [[nodiscard]] bool refused() const { return !*m_result; }
  [[nodiscard]] const kaudit::Error& error() const {
    if (*m_result) FAIL("the manifest was accepted");
    return m_result->error();
  }
  /// "line:column field: message" of the refusal.
  [[nodiscard]] std::string refusal() const {
    const kaudit::Error& e = error();
    return std::to_string(e.line) + ":" + std::to_string(e.column) + " " + (e.field.empty() ? "" : e.field + ": ") +
           e.message;
  }
  /// The text of a document's node.
  [[nodiscard]] std::string text(kaudit::yaml::NodeId id) const {
    return std::string(m_document->source().text(m_document->node(id).span));
  }
  [[nodiscard]] const kaudit::yaml::Document& document() const { return *m_document; }

 private:
  std::unique_ptr<kaudit::yaml::Document> m_document;
  std::optional<kaudit::Result<kaudit::manifest::Manifest>> m_result;
};

/// A pod around the lines of its one container ("    command: …") and, behind it, of the spec ("  volumes: …").
inline std::string pod(const std::string& container, const std::string& spec = {}) {
  return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\n  namespace: kube-system\nspec:\n  "
         "containers:\n"
         "  - name: kube-apiserver\n    image: registry.k8s.io/kube-apiserver:v1.30.0\n" +
         container + spec;
}

/// The value as Kubernetes reads it. A text that starts with `{` would be JSON to it; ours are YAML's flow style.
inline kaudit::decode::Value decoded(const std::string& text) {
  const bool flow = text.starts_with('{') && !text.starts_with("{\"");
  auto value = kaudit::decode::as_kubernetes_reads_it(kaudit::text::Source("pod.yaml", (flow ? "---\n" : "") + text));
  if (!value) FAIL(kaudit::to_text(value.error()));
  return std::move(*value);
}
