#pragma once

#include <string>
#include <string_view>

namespace kaudit::policy {

/// Whether + is a blank, as in a query, or itself, as in a path.
enum class Plus { blank, itself };

/// net/url unescape. What is no escape stays as it is, and `is_whole` says so.
struct Unescaped {
  std::string text;
  bool is_whole = true;
};
[[nodiscard]] Unescaped unescaped(std::string_view text, Plus plus);

/// The name that a list or watch gets from the query of its URL: that of `metadata.name` in the fieldSelector; "" where
/// the server does not take one. Any option of the list that it cannot read makes it forget them all.
///
/// Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo and, in k8s.io/apimachinery,
/// pkg/apis/meta/v1 Convert_url_Values_To_v1_ListOptions, pkg/fields ParseSelector, v0.20 to v0.37; net/url ParseQuery
/// as from Go 1.17 on (Kubernetes 1.23), where a semicolon parts no pairs.
[[nodiscard]] std::string name_selected(std::string_view query);

/// strconv.ParseInt(text, 10, 64) succeeds.
[[nodiscard]] bool is_int64(std::string_view text) noexcept;

/// labels.Parse takes it. Source: k8s.io/apimachinery pkg/labels/selector.go v0.20 to v0.37 (of lists like `(,,)` that
/// versions read differently, as v0.37 does).
[[nodiscard]] bool is_label_selector(std::string_view text);

}  // namespace kaudit::policy
