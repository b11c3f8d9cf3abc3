#pragma once

#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/named_entry.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::patch {

/// Whether a switch is there and true.
[[nodiscard]] bool is_on(const decode::Value& object, std::string_view key);

/// Values of another type than client-go's, and base64 that is none, in any entry: the whole file is refused for one.
/// Source: k8s.io/client-go tools/clientcmd/api/v1/types.go, v0.20 to v0.37.
[[nodiscard]] Status check_types(const text::Source& source, const decode::Value& config);

/// What clientcmd and rest refuse of the cluster and the user of the current context before anything is sent.
/// Source: k8s.io/client-go tools/clientcmd/validation.go validateClusterInfo and validateAuthInfo,
/// transport/transport.go TLSConfigFor, v0.20 to v0.37.
[[nodiscard]] Status check_cluster(const text::Source& source, const decode::NamedEntry& cluster);
[[nodiscard]] Status check_user(const text::Source& source, const decode::NamedEntry& user);

}  // namespace kaudit::patch
