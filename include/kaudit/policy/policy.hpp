#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaudit::policy {

/// What is recorded of a request, from nothing to everything. The order is the server's.
/// Source: k8s.io/apiserver pkg/apis/audit/types.go (ordLevel), v0.20 to v0.37.
enum class Level : std::uint8_t { none, metadata, request, request_response };

/// "None", "Metadata", "Request", "RequestResponse".
[[nodiscard]] std::string_view to_string(Level level) noexcept;
/// Nothing for every other text: levels are case-sensitive.
[[nodiscard]] std::optional<Level> level_of(std::string_view text) noexcept;

/// When an event is written. Source: the same file, AuditStage.
enum class Stage : std::uint8_t { request_received, response_started, response_complete, panic };

inline constexpr std::size_t k_stages = 4;

/// "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic".
[[nodiscard]] std::string_view to_string(Stage stage) noexcept;
[[nodiscard]] std::optional<Stage> stage_of(std::string_view text) noexcept;

/// A text of the policy, and where it stands in the file.
struct Text {
  std::string value;
  std::size_t offset = 0;  ///< byte offset
};

/// A list of texts. An absent, null and empty list are the same to the server.
struct TextList {
  std::vector<Text> items;
  std::size_t offset = 0;  ///< of the list itself; 0 when absent

  [[nodiscard]] bool empty() const noexcept { return items.empty(); }
  /// As the server compares: exactly.
  [[nodiscard]] bool contains(std::string_view text) const noexcept;
};

/// audit.k8s.io/v1 GroupResources.
struct GroupResources {
  Text group;  ///< "" is the core group; "*" is every group since 1.36 and a literal before
  TextList resources;
  TextList resource_names;
  std::size_t offset = 0;
};

/// audit.k8s.io/v1 PolicyRule.
struct Rule {
  Text level;  ///< as written; level_of() has it in every accepted policy
  TextList users;
  TextList user_groups;
  TextList verbs;
  std::vector<GroupResources> resources;  ///< absent, null and empty are the same to the server
  std::size_t resources_offset = 0;       ///< of the list itself; 0 when absent
  TextList namespaces;
  TextList non_resource_urls;
  TextList omit_stages;
  std::optional<bool> omit_managed_fields;  ///< nothing: the policy's; without effect before 1.23
  std::size_t offset = 0;
  std::size_t line = 0;  ///< that `offset` is on, counted from 1; 0 when read from no file
};

/// audit.k8s.io/v1 Policy as kube-apiserver has it in memory after decoding: defaults filled in, what it does not know
/// dropped. Positions are those of the file it was read from.
struct Policy {
  std::vector<Rule> rules;
  TextList omit_stages;
  bool omit_managed_fields = false;
  std::size_t omit_managed_fields_offset = 0;  ///< 0 when it is not given
};

}  // namespace kaudit::policy
