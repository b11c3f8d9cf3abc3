#include "kaudit/policy/load.hpp"

#include <cmath>
#include <set>

#include "build_policy.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/text/yaml_lines.hpp"
#include "type_meta.hpp"
#include "unmarshal.hpp"
#include "validate.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

/// sigs.k8s.io/json kubernetes_patch.go saveStrictError.
constexpr std::size_t k_most_strict_errors = 100;
/// More than a person reads; each holds a copy of its line.
constexpr std::size_t k_most_problems = 200;
constexpr std::size_t k_most_dropped = 1000;

std::string printed_key(const decode::DuplicateKey& duplicate) {
  return duplicate.kind == decode::DuplicateKey::Kind::string ? kube::go_quote(duplicate.key) : duplicate.key;
}

/// runtime.StrictDecodingError: YAML's duplicates as one entry, then each JSON error once.
std::string strict_error(const decode::Reading& reading, const Unmarshalled& decoded) {
  std::string text;
  if (!reading.duplicates.empty()) text = "yaml: unmarshal errors:";
  for (const decode::DuplicateKey& duplicate : reading.duplicates) {
    text += "\n  line " + std::to_string(duplicate.line) + ": key " + printed_key(duplicate) + " already set in map";
  }
  std::set<std::string> seen;
  for (const StrictProblem& problem : decoded.strict) {
    if (seen.size() == k_most_strict_errors) break;
    const bool unknown = problem.kind == StrictProblem::Kind::unknown;
    std::string one = (unknown ? "unknown field " : "duplicate field ") + kube::go_quote(problem.path);
    if (!seen.insert(one).second) continue;
    text += (text.empty() ? "" : ", ") + one;
  }
  return text.empty() ? text : "strict decoding error: " + text;
}

std::vector<std::string> fields_of(const GoType& type, kube::Version version) {
  std::vector<std::string> names;
  for (const GoField& field : type.fields) {
    if (field.is_in(version)) names.emplace_back(field.name);
  }
  return names;
}

/// A number with an exponent that is larger than a float64, wherever it stands: json-iterator, which 1.22 and earlier
/// use, skips plain digits but reads an exponent even where it then drops the value (iter_skip_strict.go).
const decode::Value* infinite_number(const decode::Value& value, std::string_view text) {
  std::vector<const decode::Value*> left = {&value};
  while (!left.empty()) {
    const decode::Value* next = left.back();
    left.pop_back();
    const double* real = std::get_if<double>(&next->data());
    if (real != nullptr && std::isinf(*real)) {
      const std::string_view number = text.substr(next->offset());
      const std::size_t end = number.find_first_not_of("+-.0123456789");
      if (end < number.size() && (number[end] == 'e' || number[end] == 'E')) return next;
    }
    if (const auto* array = next->array()) {
      for (const decode::Value& item : *array) left.push_back(&item);
    }
    if (const auto* object = next->object()) {
      for (const auto& member : *object) left.push_back(&member.value);
    }
  }
  return nullptr;
}

class Loader {
 public:
  Loader(const text::Source& source, kube::Version version) : m_source(source), m_lines(source), m_version(version) {}

  Loading run(const Result<decode::Reading>& reading) {
    if (!reading) {
      const bool json = reading.error().code == "json-syntax";
      m_loading.server_error =
          "failed decoding: " + std::string(json ? "couldn't get version/kind; json parse error: " : "") +
          reading.error().message;
      m_loading.problems.push_back(reading.error());
      return std::move(m_loading);
    }
    decode(*reading);
    return std::move(m_loading);
  }

 private:
  void decode(const decode::Reading& reading) {
    const TypeMeta type = interpret_type(reading, m_version);
    if (type.problem) return fail_type(*type.problem);
    const decode::Value* infinite = reading.format == decode::Format::json && m_version <= k_json_iterator_until
                                        ? infinite_number(reading.value, m_source.bytes())
                                        : nullptr;
    if (infinite != nullptr) {
      return fail("failed decoding: invalid number", "policy-type", "", "invalid number: larger than a 64-bit float",
                  "write a smaller number", infinite->offset());
    }
    const bool internal = type.target == TypeMeta::Target::internal;
    const Unmarshalled decoded =
        unmarshal(reading, internal ? internal_policy() : versioned_policy(), package_of(type.target), m_version);
    if (type.after_decoding) return fail_type(*type.after_decoding);
    if (decoded.problem) {
      return fail("failed decoding: " + decoded.problem->message, "policy-type", decoded.problem->path,
                  decoded.problem->message, hint_for(*decoded.problem), decoded.problem->offset);
    }
    note_dropped(reading, decoded);
    if (m_version >= k_strict_since) {
      if (const std::string strict = strict_error(reading, decoded); !strict.empty()) {
        m_loading.server_warnings.push_back("Audit policy contains errors, falling back to lenient decoding: " +
                                            strict);
      }
    }
    if (internal) return fail_internal(reading.value);
    warn_of_deprecated(type.target);
    finish(build_policy(decoded.policy), reading.value);
  }

  void warn_of_deprecated(TypeMeta::Target target) {
    if (target == TypeMeta::Target::v1 || m_version < k_deprecation_warned_since) return;
    m_loading.server_warnings.push_back("\"audit.k8s.io/" + std::string(package_of(target)) +
                                        "\" is deprecated and will be removed in a future release, use "
                                        "\"audit.k8s.io/v1\" instead");
  }

  void finish(Policy policy, const decode::Value& value) {
    for (Rule& rule : policy.rules) rule.line = m_lines.position(rule.offset).line;
    const std::vector<text::Diagnostic> findings = validate(policy, m_version);
    const bool has_rules = !policy.rules.empty();
    m_loading.policy = std::move(policy);
    m_loading.server_error = aggregate(findings);
    for (const text::Diagnostic& finding : findings) {
      if (m_loading.problems.size() == k_most_problems) break;
      m_loading.problems.push_back(text::refuse(m_lines, finding));
    }
    if (!findings.empty()) return;
    if (!has_rules) {
      const decode::Value* rules = value.find("rules");
      const std::string message = "loaded illegal policy with 0 rules";
      return fail(message, "policy", "rules", message, hint_for_no_rules(),
                  rules != nullptr ? rules->offset() : value.offset());
    }
    m_loading.verdict = Loading::Verdict::accepted;
  }

  [[nodiscard]] std::string hint_for_no_rules() const {
    for (const DroppedKey& dropped : m_loading.dropped) {
      if (dropped.path == "Rules" || dropped.path == "RULES" || dropped.path == "rule") {
        return "did you mean rules instead of " + dropped.key + "?";
      }
    }
    return "give at least one rule, such as level: Metadata";
  }

  void fail_internal(const decode::Value& value) {
    const std::string message = "unknown group version field audit.k8s.io/__internal, Kind=Policy in policy";
    fail(message, "policy", "apiVersion", message, "write apiVersion: audit.k8s.io/v1", value.offset());
  }

  void fail_type(const TypeMetaProblem& problem) {
    fail("failed decoding: " + problem.message, "policy", problem.field, problem.message, problem.hint, problem.offset);
  }

  void fail(std::string server_error, std::string code, std::string field, std::string message, std::string hint,
            std::size_t offset) {
    m_loading.server_error = std::move(server_error);
    m_loading.problems.push_back(text::refuse(m_lines, {text::Severity::error, std::move(code), std::move(field),
                                                        std::move(message), std::move(hint), offset}));
  }

  static std::string hint_for(const TypeProblem& problem) {
    if (problem.message.find("of type string") != std::string::npos ||
        problem.message.find(".Level") != std::string::npos || problem.message.find(".Stage") != std::string::npos) {
      return "texts are not made from other types: put it in quotes";
    }
    if (problem.message.find("of type []") != std::string::npos) return "write a list: [a, b]";
    if (problem.message.find("of type bool") != std::string::npos) return "write true or false, without quotes";
    return {};
  }

  void note_dropped(const decode::Reading& reading, const Unmarshalled& decoded) {
    for (const decode::DuplicateKey& duplicate : reading.duplicates) {
      if (m_loading.dropped.size() == k_most_dropped) return;
      m_loading.dropped.push_back({DroppedKey::Kind::repeated,
                                   duplicate.path.empty() ? duplicate.key : duplicate.path,
                                   duplicate.key,
                                   duplicate.offset,
                                   {}});
    }
    for (const StrictProblem& problem : decoded.strict) {
      if (m_loading.dropped.size() == k_most_dropped) return;
      const bool unknown = problem.kind == StrictProblem::Kind::unknown;
      m_loading.dropped.push_back({unknown ? DroppedKey::Kind::unknown : DroppedKey::Kind::repeated, problem.path,
                                   problem.key, problem.offset, fields_of(*problem.parent, m_version)});
    }
  }

  const text::Source& m_source;
  text::YamlLines m_lines;
  kube::Version m_version;
  Loading m_loading;
};

}  // namespace

Loading load(const text::Source& source, kube::Version version) {
  return Loader(source, version).run(decode::read_for_types(source));
}

Loading load_strictest(const text::Source& source) {
  const auto reading = decode::read_for_types(source);
  // What changes between versions is taken by all of these or refused by one of them: metadata.clusterName is looked at
  // until 1.24 and omitManagedFields since 1.23, v1beta1 is gone since 1.24, group "*" is refused until 1.35.
  for (const kube::Version version : {kube::k_oldest_known, k_only_v1_since}) {
    Loading loading = Loader(source, version).run(reading);
    if (loading.verdict == Loading::Verdict::refused) return loading;
  }
  return Loader(source, kube::k_newest_known).run(reading);
}

}  // namespace kaudit::policy
