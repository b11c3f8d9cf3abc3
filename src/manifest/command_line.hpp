#pragma once

#include <string>
#include <vector>

#include "findings.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/yaml/document.hpp"
#include "start.hpp"

namespace kaudit::manifest {

/// The two lists of the API server's container in the document; nothing for one that is absent or null.
struct ArgumentLists {
  std::optional<yaml::NodeId> command;
  std::optional<yaml::NodeId> args;

  [[nodiscard]] std::optional<yaml::NodeId> of(List list) const { return list == List::command ? command : args; }
};

struct CommandLine {
  std::vector<Flag> flags;
  FlagList flag_list;
};

/// The server's flags as pflag takes them from argv, and the list that new ones go into. What kube-apiserver would
/// not start with, and what is not modelled in an audit flag, becomes an error in `findings`; an argument that is no
/// flag becomes a warning.
/// Source: spf13/pflag flag.go parseArgs, parseLongArg, parseShortArg.
[[nodiscard]] CommandLine read_command_line(const std::vector<Argument>& argv, std::size_t first,
                                            const ArgumentLists& lists, const std::string& container_path,
                                            Findings& findings);

/// Field path of one element: "spec.containers[0].command[3]".
[[nodiscard]] Where where(const std::string& container_path, const Argument& argument);

}  // namespace kaudit::manifest
