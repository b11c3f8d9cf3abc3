#include "start.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "findings.hpp"

namespace kaudit::manifest {
namespace {

constexpr std::array<std::string_view, 8> k_shells{"sh", "bash", "dash", "ash", "ksh", "zsh", "mksh", "busybox"};

/// Programs that execute the command given in their own arguments, each argument one element.
constexpr std::array<std::string_view, 25> k_wrappers{
    "go-runner", "flock",   "tini",    "tini-static", "dumb-init", "catatonit", "timeout",    "nice",    "ionice",
    "chrt",      "taskset", "setpriv", "env",         "stdbuf",    "nohup",     "setsid",     "su-exec", "gosu",
    "numactl",   "prlimit", "unshare", "nsenter",     "chroot",    "time",      "systemd-cat"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::string_view k_space = " \t\r\n";

bool has_space(std::string_view text) { return text.find_first_of(k_space) != std::string_view::npos; }

bool is_hyperkube_verb(std::string_view word) {
  return word == "apiserver" || word == "kube-apiserver" || word == "--apiserver" || word == "--kube-apiserver";
}

/// Index of the server's first own argument if argv[at] is its binary.
std::optional<std::size_t> server_at(const std::vector<Argument>& argv, std::size_t at, std::string_view image) {
  const std::string& text = argv[at].text;
  if (text.starts_with('-') || has_space(text)) return std::nullopt;
  const std::string_view name = base_name(text);
  if (name == "kube-apiserver") return at + 1;
  if (name == "hyperkube" && at + 1 < argv.size() && is_hyperkube_verb(argv[at + 1].text)) return at + 2;
  if (text != name && name == "apiserver" && is_server_image(image)) return at + 1;
  return std::nullopt;
}

/// Whether `word` stands in a script as a command: at its start or behind a separator or a directory, and before one.
bool is_command_word(std::string_view script, std::size_t at, std::size_t size) {
  constexpr std::string_view before = " \t\r\n/;&|(\"'`{";
  constexpr std::string_view behind = " \t\r\n\\;&|)\"'`";
  const bool starts = at == 0 || before.find(script[at - 1]) != std::string_view::npos;
  const bool ends = at + size == script.size() || behind.find(script[at + size]) != std::string_view::npos;
  return starts && ends;
}

bool script_starts_server(std::string_view script) {
  for (const std::string_view word : {std::string_view("kube-apiserver"), std::string_view("hyperkube")}) {
    for (std::size_t at = script.find(word); at != std::string_view::npos; at = script.find(word, at + 1)) {
      if (!is_command_word(script, at, word.size())) continue;
      if (word == "kube-apiserver") return true;
      const std::size_t next = std::min(script.find_first_not_of(k_space, at + word.size()), script.size());
      const std::size_t end = std::min(script.find_first_of(k_space, next), script.size());
      if (is_hyperkube_verb(script.substr(next, end - next))) return true;
    }
  }
  return false;
}

/// The wrapper's command, if it is plain which argument that is.
Start behind_wrapper(const std::vector<Argument>& argv, std::string_view image) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto first = server_at(argv, i, image);
    if (!first) continue;
    // `flock /var/lock/kube-apiserver /hyperkube apiserver`: two candidates before the first flag.
    for (std::size_t j = *first; j < argv.size() && !argv[j].text.starts_with('-'); ++j) {
      if (server_at(argv, j, image)) return {Start::Kind::unknown_wrapper, 0, i};
    }
    return {Start::Kind::server, *first, 0};
  }
  return {};
}

/// No command: the image's entry point gets the arguments.
Start from_entry_point(const std::vector<Argument>& argv, std::string_view image) {
  if (!is_server_image(image) || image.find("hyperkube") != std::string_view::npos) return {};
  if (argv.empty()) return {Start::Kind::no_arguments, 0, 0};
  if (argv.front().text.starts_with('-')) {
    // The entry point may be go-runner (the release images'), which then finds its command among the arguments.
    const Start wrapped = behind_wrapper(argv, image);
    return wrapped.kind == Start::Kind::not_the_server ? Start{Start::Kind::server, 0, 0} : wrapped;
  }
  return {Start::Kind::unknown_wrapper, 0, 0};
}

}  // namespace

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_server_image(std::string_view image) {
  image = image.substr(0, image.find('@'));
  std::string_view name = base_name(image);
  name = name.substr(0, name.find(':'));
  return name.starts_with("kube-apiserver") || name.starts_with("hyperkube");
}

std::vector<Argument> argv_of(const decode::Value& container) {
  std::vector<Argument> argv;
  for (const List list : {List::command, List::args}) {
    std::size_t index = 0;
    for (const decode::Value& element : items_of(container.find(list == List::command ? "command" : "args"))) {
      argv.push_back({text_of(&element), list, index++, element.offset()});
    }
  }
  return argv;
}

Start start_of(const std::vector<Argument>& argv, std::string_view image) {
  if (argv.empty() || argv.front().list == List::args) {
    if (argv.empty() || !server_at(argv, 0, image)) return from_entry_point(argv, image);
  }
  if (const auto first = server_at(argv, 0, image)) return {Start::Kind::server, *first, 0};
  const std::string_view program = base_name(argv.front().text);
  const bool shell = is_one_of(k_shells, program);
  const bool wrapper = is_one_of(k_wrappers, program);
  if (wrapper) {
    const Start start = behind_wrapper(argv, image);
    if (start.kind != Start::Kind::not_the_server) return start;
  }
  for (std::size_t i = 0; i < argv.size(); ++i) {
    if (shell && script_starts_server(argv[i].text)) return {Start::Kind::shell, 0, 0};
    const bool runs = i == 0 || wrapper;
    if (runs && has_space(argv[i].text) && script_starts_server(argv[i].text)) {
      return {wrapper ? Start::Kind::shell : Start::Kind::one_string, 0, i};
    }
  }
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const bool is_path = argv[i].text.starts_with('/') || is_server_image(image);
    if (is_path && server_at(argv, i, image)) return {Start::Kind::unknown_wrapper, 0, 0};
  }
  return {};
}

}  // namespace kaudit::manifest
