#pragma once

#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::patch {

/// A file that a webhook config names: `certificate-authority`, `client-certificate`, `client-key` or `tokenFile`.
struct NamedFile {
  std::string name;         ///< as written: absolute, or relative to the config's own directory
  std::string volume_name;  ///< "audit-webhook-ca", "-cert", "-key", "-token"
  std::string field;        ///< "clusters[0].cluster.certificate-authority"
  std::size_t offset = 0;   ///< of the value in the config's text
};

/// The files that kube-apiserver will open because of this kubeconfig. `value` is the config as the judge reads it.
/// Source: k8s.io/client-go tools/clientcmd (loader.go ResolveLocalPaths), k8s.io/apiserver pkg/util/webhook.
///
/// Errors: status 3 with position; the content of the config is never part of a message, nor of an excerpt: not a
/// kubeconfig, no cluster or user for the current context, a user with an exec or auth-provider plugin (the container
/// of kube-apiserver holds no such program).
[[nodiscard]] Result<std::vector<NamedFile>> files_named_by(const text::Source& source, const decode::Value& value);

}  // namespace kaudit::patch
