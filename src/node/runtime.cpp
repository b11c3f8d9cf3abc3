#include "kaudit/node/runtime.hpp"

#include <optional>
#include <sstream>
#include <vector>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/run_program.hpp"

namespace kaudit::node {
namespace {

constexpr std::size_t k_most_listing_bytes = std::size_t{64} << 10U;
constexpr int k_listing_timeout_ms = 5000;

std::string no_container(const std::string& container) {
  return "; the container runtime has no container " + container;
}

std::string state_text(const std::string& container, const std::string& state) {
  return "; the container runtime says of the newest " + container + ": " + one_line(state);
}

constexpr const char* k_no_answer = "; the container runtime does not answer";

/// The value of a key in the pretty-printed JSON of crictl: `"state": "CONTAINER_EXITED",`.
std::optional<std::string> value_of(const std::string& json, const std::string& key) {
  const std::size_t at = json.find("\"" + key + "\": \"");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + key.size() + 5;
  return json.substr(begin, json.find('"', begin) - begin);
}

/// Nothing: there is no crictl.
std::optional<std::string> ask_crictl(const std::string& container) {
  const host::ProgramResult result =
      host::run_program({"crictl", "ps", "--all", "--latest", "--name", "^" + container + "$", "--output", "json"},
                        k_most_listing_bytes, k_listing_timeout_ms);
  if (!result.started) return std::nullopt;
  if (result.exit_code != 0) return k_no_answer;
  const auto state = value_of(result.output, "state");
  return state ? state_text(container, *state) : no_container(container);
}

/// "ID PID STATUS" of every task; containers that have none have ended or never began.
std::string ask_ctr(const std::string& container) {
  const host::ProgramResult found = host::run_program({"ctr", "--namespace", "k8s.io", "containers", "list", "--quiet",
                                                       "labels.\"io.kubernetes.container.name\"==" + container},
                                                      k_most_listing_bytes, k_listing_timeout_ms);
  if (!found.started) return {};
  if (found.exit_code != 0) return k_no_answer;
  std::istringstream ids(found.output);
  std::string id;
  if (!(ids >> id)) return no_container(container);
  const host::ProgramResult tasks =
      host::run_program({"ctr", "--namespace", "k8s.io", "tasks", "list"}, k_most_listing_bytes, k_listing_timeout_ms);
  std::istringstream lines(tasks.output);
  std::string state = "no task";
  do {
    lines.clear();
    lines.seekg(0);
    for (std::string name, pid, status; lines >> name >> pid >> status;) {
      if (name == id) state = status;
    }
  } while (ids >> id);
  return state_text(container, state);
}

}  // namespace

std::string words_of_runtime(const std::string& container) {
  if (container.empty()) return {};
  auto said = ask_crictl(container);
  return said ? *std::move(said) : ask_ctr(container);
}

}  // namespace kaudit::node
