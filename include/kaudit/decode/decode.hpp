#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::decode {

/// Reads a text exactly as the kubelet reads a static pod manifest and kube-apiserver an audit policy:
/// JSON when the first byte that is not Unicode white space is `{` (encoding/json's own rules), otherwise the
/// first YAML document by the rules of sigs.k8s.io/yaml over go-yaml v2: YAML 1.1 scalars, merge keys, last
/// duplicate wins, keys turned into text. Source: k8s.io/apimachinery pkg/util/yaml ToJSON,
/// sigs.k8s.io/yaml 1.2.0–1.6.0. Linear in the text (aliases limited as go-yaml limits them).
///
/// Errors, status 3 with file:line:column and the line: everything that code refuses (code
/// "yaml-syntax"/"json-syntax"/…), and code "not-modelled" where go-yaml and libyaml are known to read a text
/// differently and what go-yaml does is not modelled here: then the answer is "not known", never a guess.
[[nodiscard]] Result<Value> as_kubernetes_reads_it(const text::Source& source);

}  // namespace kaudit::decode
