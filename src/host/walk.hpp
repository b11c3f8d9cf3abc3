#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "kaudit/base/result.hpp"
#include "kaudit/host/descriptor.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

enum class Missing : std::uint8_t { is_error, is_made };

/// A way from a root down to a directory, each component opened inside the one before, so that nobody can swap a part
/// of it for a link while it is walked. Links are resolved here, never by the kernel.
class Walk {
 public:
  Walk(const Root& root, Descriptor top) : m_root(&root) { m_steps.push_back({std::move(top), {}, {}}); }

  /// Goes down along `components`. Errors: see Root::locate.
  [[nodiscard]] Status go(const std::vector<std::string>& components, Missing missing);

  /// The directory arrived at.
  [[nodiscard]] Descriptor arrive() && { return std::move(m_steps.back().directory); }
  /// The first directory on the way that others than trusted owners may write, as shown.
  [[nodiscard]] const std::optional<std::string>& offender() const { return m_offender; }
  /// The directories made on the way, as the node knows them.
  [[nodiscard]] const std::vector<std::string>& made() const { return m_made; }

 private:
  struct Step {
    Descriptor directory;
    std::string name;
    struct stat status;
  };

  [[nodiscard]] Status start();
  [[nodiscard]] Status take(const std::string& name, Missing missing);
  [[nodiscard]] Result<Descriptor> open_or_make(const std::string& name, Missing missing);
  [[nodiscard]] Status follow(const Descriptor& link, const struct stat& status, const std::string& name);
  void arrive_in(Descriptor directory, const std::string& name, const struct stat& status);
  [[nodiscard]] std::string node_path(std::string_view name) const;
  [[nodiscard]] std::string shown(std::string_view name) const;

  const Root* m_root;
  std::vector<Step> m_steps;
  std::vector<std::string> m_pending;  ///< components still to go, the next one last
  std::vector<std::string> m_made;
  std::optional<std::string> m_offender;
  std::size_t m_links = 0;
};

/// The components of an absolute path of the node. Errors: status 3 "path".
[[nodiscard]] Result<std::vector<std::string>> components_of(std::string_view node_path);

/// "/a/b" of {"a", "b"}.
[[nodiscard]] std::string joined(const std::vector<std::string>& components);

}  // namespace kaudit::host
