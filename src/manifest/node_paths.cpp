#include <filesystem>
#include <string_view>

#include "findings.hpp"
#include "kaudit/manifest/manifest.hpp"

namespace kaudit::manifest {

std::vector<std::string> node_paths_of(const decode::Value& pod) {
  constexpr std::string_view k_log = "--audit-log-path=";
  std::vector<std::string> paths;
  const auto add = [&](std::string_view path) {
    if (path.starts_with('/')) paths.push_back(std::filesystem::path(path).lexically_normal().string());
  };
  const decode::Value* spec = pod.find("spec");
  if (spec == nullptr) return paths;
  for (const decode::Value& volume : items_of(spec->find("volumes"))) {
    if (const decode::Value* source = volume.find("hostPath")) add(text_at(*source, "path"));
  }
  for (const decode::Value& container : items_of(spec->find("containers"))) {
    for (const char* list : {"command", "args"}) {
      for (const decode::Value& argument : items_of(container.find(list))) {
        const std::string text = text_of(&argument);
        if (text.starts_with(k_log)) add(std::string_view(text).substr(k_log.size()));
      }
    }
  }
  return paths;
}

}  // namespace kaudit::manifest
