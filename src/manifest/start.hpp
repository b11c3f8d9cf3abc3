#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/decode/value.hpp"

namespace kaudit::manifest {

enum class List : std::uint8_t { command, args };

/// One element of a container's argv: `command` and then `args`.
struct Argument {
  std::string text;
  List list = List::command;
  std::size_t index = 0;  ///< in its list
  std::size_t offset = 0;
};

/// How a container starts.
struct Start {
  enum class Kind : std::uint8_t {
    not_the_server,
    server,           ///< argv[first] and all behind it are kube-apiserver's own arguments
    shell,            ///< a shell runs a script that starts it
    one_string,       ///< command line and flags in one element
    unknown_wrapper,  ///< another program seems to start it
    no_arguments,     ///< the image's entry point without a list to put flags in
  };
  Kind kind = Kind::not_the_server;
  std::size_t first = 0;
  std::size_t culprit = 0;  ///< index in argv of what keeps it from being modelled
};

[[nodiscard]] std::vector<Argument> argv_of(const decode::Value& container);

/// Known starts: kube-apiserver itself by name or path, `hyperkube apiserver`, both behind programs that execute
/// their arguments (go-runner, flock, tini, timeout, env, …), and a kube-apiserver image whose entry point gets `args`.
[[nodiscard]] Start start_of(const std::vector<Argument>& argv, std::string_view image);

/// Whether an image is by its name one that holds kube-apiserver.
[[nodiscard]] bool is_server_image(std::string_view image);

/// Last element of a path.
[[nodiscard]] std::string_view base_name(std::string_view path);

}  // namespace kaudit::manifest
