#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::policy {

/// Texts that no rule of a policy speaks of, and what is needed to make more of them.
class FreshTexts {
 public:
  /// `policy` must stay.
  explicit FreshTexts(const Policy& policy);

  /// Not part of any text of the policy.
  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  /// A path that starts with `prefix` and fits only URLs that are prefixes of `prefix`. Empty: none was found.
  [[nodiscard]] std::string path_under(std::string_view prefix) const;

 private:
  std::string m_name;
  std::vector<std::string_view> m_urls;  ///< of all rules, sorted, without the "*" at their ends
};

/// The object of a request: the parts of it that one entry of a rule speaks of together.
struct Target {
  std::string_view api_group;
  std::string_view resource;
  std::string_view subresource;
  std::string_view name;
  std::string path;
  RequestKind kind = RequestKind::resource;
};

/// Whether a server makes such a request: it cuts paths at every slash.
/// Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go, NewRequestInfo.
[[nodiscard]] inline bool is_real(std::string_view resource, std::string_view subresource) noexcept {
  return resource.find('/') == std::string_view::npos && subresource.find('/') == std::string_view::npos;
}

/// Requests that one rule matches, such that if any request exists that the rule decides, one of them is decided by it.
///
/// Whatever a rule leaves free is given a text that no rule mentions: a rule before it that still matches does not look
/// at it either, and so would match whatever stood there. One group is enough: more groups only make more rules match.
/// What remains is finite: the product of the rule's own lists. Those that are real come first, and among real requests
/// the same holds for them.
class Candidates {
 public:
  /// The parts of a request that are chosen one by one, the first changing most slowly.
  enum class Part : std::uint8_t { target, verb, name_space, user, group };
  static constexpr std::size_t k_parts = 5;

  Candidates(const Rule& rule, const FreshTexts& fresh, kube::Version version);

  [[nodiscard]] bool at_end() const noexcept { return m_at_end; }
  /// Valid until the next call of skip().
  [[nodiscard]] Attributes request() const noexcept;
  /// Bytes of its texts.
  [[nodiscard]] std::size_t size() const noexcept;
  /// On to the first request for which `matching`, which matches this one, has to be asked again.
  void skip(const Rule& matching) noexcept;
  /// False: the end does not prove anything.
  [[nodiscard]] bool is_complete() const noexcept { return m_is_complete; }

 private:
  void add_entry(const GroupResources& entry, kube::Version version);
  void add_pattern(std::string_view group, std::string_view pattern, const TextList& names);
  void add_splits(std::string_view group, std::string_view pattern, const TextList& names);
  void add_target(std::string_view group, std::string_view resource, std::string_view subresource,
                  const TextList& names);
  void add_path(std::string path);
  void add_url(std::string_view url);
  [[nodiscard]] std::size_t count(Part part) const noexcept;

  const FreshTexts& m_fresh;
  std::vector<Target> m_targets;
  std::array<std::vector<std::string_view>, k_parts> m_texts;  ///< of the other parts; group: none at all if empty
  std::array<std::size_t, k_parts> m_at{};
  bool m_at_end = false;
  bool m_is_complete = true;
};

}  // namespace kaudit::policy
