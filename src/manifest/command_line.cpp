#include "command_line.hpp"

#include <algorithm>
#include <optional>

#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::manifest {
namespace {

/// The type of an audit flag in any version; nothing for other flags.
std::optional<kube::FlagType> audit_type(std::string_view name) {
  for (const kube::AuditFlag& flag : kube::audit_flags()) {
    if (flag.name == name) return flag.type;
  }
  return std::nullopt;
}

bool is_audit(std::string_view name) { return name.starts_with("audit"); }

/// kube-apiserver's only one-letter flags; every other element that starts with one dash is a value, such as "-1".
bool is_shorthand(std::string_view text) { return text.starts_with("-v") || text.starts_with("-h"); }

class Reader {
 public:
  Reader(const std::vector<Argument>& argv, std::size_t first, const ArgumentLists& lists,
         const std::string& container_path, Findings& findings)
      : m_argv(argv), m_first(first), m_lists(lists), m_container_path(container_path), m_findings(findings) {}

  CommandLine read() {
    m_terminator = m_argv.size();
    for (std::size_t at = m_first; at < m_argv.size();) {
      if (m_argv[at].text == "--") {
        m_terminator = at;
        break;
      }
      at += take(at);
    }
    for (std::size_t at = m_terminator + 1; at < m_argv.size(); ++at) positional(at);
    choose_list();
    return std::move(m_result);
  }

 private:
  /// Takes what starts at argv[at]; returns how many elements that were.
  std::size_t take(std::size_t at) {
    const std::string& text = m_argv[at].text;
    if (text.empty()) return 1;  // tolerated (cmd/kube-apiserver/app/server.go, Args)
    if (text[0] != '-' || text == "-") {
      positional(at);
      return 1;
    }
    return text.starts_with("--") ? take_long(at) : take_short(at);
  }

  void positional(std::size_t at) {
    if (m_argv[at].text.empty()) return;
    m_findings.warning("positional-argument", where(m_container_path, m_argv[at]),
                       "\"kube-apiserver\" does not take any arguments, got [" + kube::go_quote(m_argv[at].text) + "]",
                       "delete it; kube-apiserver does not start with it");
  }

  std::size_t take_short(std::size_t at) {
    const std::string& text = m_argv[at].text;
    if (text.starts_with("-audit")) {
      m_findings.error("bad-flag-syntax", where(m_container_path, m_argv[at]),
                       std::string("unknown shorthand flag: 'a' in ") + text, "write -" + text);
      return 1;
    }
    return add(at, text.substr(1));
  }

  std::size_t take_long(std::size_t at) {
    const std::string& text = m_argv[at].text;
    if (text[2] == '-' || text[2] == '=') {
      m_findings.error("bad-flag-syntax", where(m_container_path, m_argv[at]), "bad flag syntax: " + text,
                       "delete it or write it as --name=value");
      return 1;
    }
    return add(at, text.substr(2));
  }

  /// `body` is the element without its dashes.
  std::size_t add(std::size_t at, const std::string& body) {
    const std::size_t equals = body.find('=');
    Flag flag;
    flag.name = kube::normalise_flag_name(body.substr(0, equals));
    flag.list = m_lists.of(m_argv[at].list).value_or(0);
    flag.index = m_argv[at].index;
    const std::string& text = m_argv[at].text;
    flag.spelling = text.substr(0, text.find('='));
    std::size_t used = 1;
    if (equals != std::string::npos) {
      flag.value = body.substr(equals + 1);
    } else if (takes_next(flag.name, at + 1)) {
      flag.value = m_argv[at + 1].text;
      used = 2;
      if (m_argv[at + 1].list == m_argv[at].list) {
        flag.elements = 2;
      } else if (is_audit(flag.name)) {
        m_findings.error("flag-split", where(m_container_path, m_argv[at]),
                         "the flag stands in command and its value in args", "write " + text + "=VALUE in one element");
      }
    }
    if (is_audit(flag.name)) check_rendered(flag, at);
    m_result.flags.push_back(std::move(flag));
    return used;
  }

  /// Whether the next element is the value of a flag written without `=`. pflag knows each flag's type; for those
  /// not in our table the next element's look decides.
  [[nodiscard]] bool takes_next(std::string_view name, std::size_t next) const {
    if (next >= m_argv.size()) return false;
    if (const auto type = audit_type(name)) return *type != kube::FlagType::boolean;
    const std::string& text = m_argv[next].text;
    if (text.empty() || text[0] != '-') return true;
    return text == "-" || (!text.starts_with("--") && !is_shorthand(text));
  }

  /// What an audit flag says must be known: the kubelet replaces $(NAME), and a template's tool replaces its marks.
  void check_rendered(const Flag& flag, std::size_t at) {
    const std::string value = flag.value.value_or("");
    for (const std::string_view sign : {"$(", "$$"}) {
      if (value.find(sign) == std::string::npos) continue;
      m_findings.error("variable-in-audit-flag", where(m_container_path, m_argv[at]),
                       "--" + flag.name +
                           (sign == "$$" ? " holds $$, of which the kubelet makes $"
                                         : " holds $(…), which the kubelet replaces from the container's environment"),
                       "write the value itself");
      return;
    }
    for (const std::string_view mark : {"{{", "{%", "${", "<%"}) {
      if (value.find(mark) == std::string::npos) continue;
      m_findings.error("unrendered-template", where(m_container_path, m_argv[at]),
                       "--" + flag.name + " holds a template's mark: " + kube::go_quote(value),
                       "render the template first and give the result");
      return;
    }
  }

  /// args if it holds arguments of the server, else command; never behind a lone `--`.
  void choose_list() {
    const bool ends_in_command = m_terminator < m_argv.size() && m_argv[m_terminator].list == List::command;
    const bool any_in_args = !m_argv.empty() && m_argv.back().list == List::args;
    const bool first_in_args = m_first > 0 && m_argv[m_first - 1].list == List::args;
    List list = List::command;
    if ((any_in_args && !ends_in_command) || first_in_args || !m_lists.command) list = List::args;
    FlagList& place = m_result.flag_list;
    place.list = m_lists.of(list).value_or(0);
    place.path = m_container_path + (list == List::command ? ".command" : ".args");
    place.begin = m_first > 0 && m_argv[m_first - 1].list == list ? m_argv[m_first - 1].index + 1 : 0;
    place.end = static_cast<std::size_t>(
        std::ranges::count_if(m_argv, [list](const Argument& argument) { return argument.list == list; }));
    if (m_terminator < m_argv.size() && m_argv[m_terminator].list == list) place.end = m_argv[m_terminator].index;
  }

  const std::vector<Argument>& m_argv;
  std::size_t m_first;
  const ArgumentLists& m_lists;
  const std::string& m_container_path;
  Findings& m_findings;
  std::size_t m_terminator = 0;
  CommandLine m_result;
};

}  // namespace

Where where(const std::string& container_path, const Argument& argument) {
  const char* list = argument.list == List::command ? ".command" : ".args";
  return {item(container_path + list, argument.index), argument.offset};
}

CommandLine read_command_line(const std::vector<Argument>& argv, std::size_t first, const ArgumentLists& lists,
                              const std::string& container_path, Findings& findings) {
  return Reader(argv, first, lists, container_path, findings).read();
}

}  // namespace kaudit::manifest
