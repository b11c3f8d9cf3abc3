#pragma once

#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/reach.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::policy {

/// A request of one line of JSON: either an object with the keys `user, groups, verb, namespace, apiGroup, apiVersion,
/// resource, subresource, name, path, resourceRequest` (no `user`, or null: unauthenticated), or a whole audit Event
/// (`audit.k8s.io`), whose attributes are those that the server had when it decided. Of an Event that is the URL and
/// the verb: its objectRef is completed later from the body. Source: k8s.io/apiserver pkg/audit/request.go.
///
/// Errors, status 3 with line and column: no JSON object; a value of the wrong type; a key that is nearly one of these;
/// a key that is used and stands twice. What else an Event carries is not looked at: bodies are as the client wrote
/// them.
[[nodiscard]] Result<OwnedRequest> read_request(const text::Source& line);

/// What RequestInfoFactory makes of a URL, query and all, when the verb is known already. Source: k8s.io/apiserver
/// pkg/endpoints/request/requestinfo.go v0.20 to v0.37.
void fill_from_url(OwnedRequest& request, std::string_view url);

/// The same request for the evaluator. Views into `request` and `groups`, which is filled.
[[nodiscard]] Attributes attributes_of(const OwnedRequest& request, std::vector<std::string_view>& groups);

}  // namespace kaudit::policy
