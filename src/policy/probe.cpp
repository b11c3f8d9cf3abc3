#include "kaudit/policy/probe.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "kaudit/policy/request.hpp"
#include "probe_targets.hpp"

namespace kaudit::policy {
namespace {

/// Of all rules together: the time stays bounded for a policy of ten thousand rules, too.
constexpr std::size_t k_most_targets_of_all = 50'000;

/// JSON, but no object: decoding it fails before anything else is done with it.
constexpr const char* k_undecodable = "\"kaudit verify: this is no object, so nothing can come of it\"";

/// One way of asking, in the order of its harmlessness.
struct Form {
  std::string_view method;
  std::string_view verb;
  RequestKind kind;
  bool is_write;
};

constexpr std::array<Form, 9> k_forms = {{{"GET", "get", RequestKind::resource, false},
                                          {"GET", "list", RequestKind::resource, false},
                                          {"GET", "watch", RequestKind::resource, false},
                                          {"GET", "get", RequestKind::non_resource, false},
                                          {"HEAD", "head", RequestKind::non_resource, false},
                                          {"POST", "create", RequestKind::resource, true},
                                          {"PUT", "update", RequestKind::resource, true},
                                          {"PATCH", "patch", RequestKind::resource, true},
                                          {"DELETE", "delete", RequestKind::resource, true}}};

constexpr std::string_view k_default_version = "v1";

std::string path_of(const OwnedRequest& request, std::string_view api_version, bool has_name) {
  std::string path = request.api_group.empty() ? "/api/v1" : "/apis/" + request.api_group + "/";
  if (!request.api_group.empty()) path += api_version;
  const bool is_in_namespace = !request.name_space.empty() && request.resource != "namespaces";
  if (is_in_namespace) path += "/namespaces/" + request.name_space;
  path += "/" + request.resource;
  if (has_name) path += "/" + request.name;
  if (!request.subresource.empty()) path += "/" + request.subresource;
  return path;
}

/// With a subresource even a create has a name.
bool has_name_in_path(const OwnedRequest& request) {
  return !request.subresource.empty() ||
         (request.verb != "list" && request.verb != "watch" && request.verb != "create");
}

std::string query_of(const OwnedRequest& request, bool is_write) {
  const std::string selector = "fieldSelector=metadata.name%3D" + request.name;
  if (request.verb == "list") return "?limit=1&" + selector;
  if (request.verb == "watch") return "?watch=true&timeoutSeconds=1&" + selector;
  return is_write ? "?dryRun=All" : "";
}

/// `named`: the target's parts, as they are to be written.
std::string url_of(const OwnedRequest& named, std::string_view api_version, bool is_write) {
  return path_of(named, api_version, has_name_in_path(named)) + query_of(named, is_write);
}

bool is_allowed(const Form& form, const ProbeTarget& target) {
  if ((form.kind == RequestKind::resource) == target.resource.empty()) return false;
  const bool is_collection = form.verb == "list" || form.verb == "watch";
  if (is_collection && !target.subresource.empty()) return false;
  if (!form.is_write) return true;
  const bool may_exist = target.object == ProbeTarget::Object::may_exist;
  if (!target.subresource.empty() && (may_exist || target.subresource == "token")) return false;
  return target.resource != "tokenreviews";
}

/// A request and what is sent, without its decision. Nothing: the server would take it for another one.
std::optional<Probe> probe_for(const Form& form, const ProbeTarget& target, const Subject& subject,
                               std::string_view fresh) {
  Probe probe;
  probe.method = form.method;
  OwnedRequest wanted;
  wanted.verb = form.verb;
  if (form.kind == RequestKind::non_resource) {
    probe.target = target.path;
  } else {
    wanted.api_group = target.api_group;
    wanted.resource = target.resource;
    wanted.subresource = target.subresource;
    wanted.name_space = target.name_space;
    wanted.name = target.name;
    probe.target = url_of(wanted, k_default_version, form.is_write);
  }
  OwnedRequest& seen = probe.request;
  seen.user = subject.user.value_or(std::string(fresh));
  seen.groups = subject.groups;
  seen.verb = form.verb;
  fill_from_url(seen, probe.target);
  const bool is_same = seen.kind == form.kind && seen.api_group == wanted.api_group &&
                       seen.resource == wanted.resource && seen.subresource == wanted.subresource;
  if (!is_same) return std::nullopt;
  if (form.verb == "delete") {
    // Never the whole collection: the path must end in a name.
    if (seen.name.empty()) return std::nullopt;
    probe.body = R"({"apiVersion":"v1","kind":"DeleteOptions","dryRun":["All"],"preconditions":{"uid":")" +
                 std::string(fresh) + "\"}}";
  } else if (form.is_write) {
    probe.body = k_undecodable;
  }
  if (form.is_write) {
    probe.content_type = form.verb == "patch" ? "application/merge-patch+json" : "application/json";
  }
  return probe;
}

/// Watches and a pod's log, as far as probes can be such. Source: k8s.io/apiserver pkg/server/filters/longrunning.go,
/// cmd/kube-apiserver (BasicLongRunningRequestCheck).
bool is_long_running(const OwnedRequest& request) { return request.verb == "watch" || request.subresource == "log"; }

/// Whether an event of the request is written at some stage.
bool is_written(const Decision& decision, const OwnedRequest& request) {
  if (decision.level == Level::none) return false;
  const auto writes = [&](Stage stage) { return !decision.omit_stages.contains(stage); };
  return writes(Stage::request_received) || writes(Stage::response_complete) ||
         (is_long_running(request) && writes(Stage::response_started));
}

/// What the server shows of an object that may be there must not get into the log by our doing.
bool shows_content(const Probe& probe, const ProbeTarget& target) {
  const bool may_exist = target.object == ProbeTarget::Object::may_exist;
  return may_exist && probe.decision.level == Level::request_response;
}

Decision decide(const Evaluator& evaluator, const OwnedRequest& request) {
  std::vector<std::string_view> groups;
  return evaluator.decide(attributes_of(request, groups));
}

bool looks_at_user(const Rule& rule) { return !rule.users.empty() || !rule.user_groups.empty(); }

enum class UserRules : std::uint8_t { match_nobody, match_everybody };

/// The policy with every rule that looks at the user made one that does not; indices stay.
Policy with_user_rules(const Policy& policy, UserRules how) {
  Policy other = policy;
  for (Rule& rule : other.rules) {
    if (!looks_at_user(rule)) continue;
    rule.users = {};
    rule.user_groups = {};
    // A verb that no request has.
    if (how == UserRules::match_nobody) rule.verbs.items = {{"kaudit: no request", 0}};
  }
  return other;
}

bool wants(const Rule& rule, const Form& form) { return rule.verbs.empty() || rule.verbs.contains(form.verb); }

class Search {
 public:
  Search(const Policy& policy, kube::Version version, const Subject& subject, std::string_view fresh)
      : m_policy(&policy), m_subject(&subject), m_fresh(fresh), m_evaluator(Evaluator::compile(policy, version)) {
    std::size_t count = 0;
    for (const Rule& rule : policy.rules) {
      const bool records = level_of(rule.level.value).value_or(Level::none) != Level::none;
      const bool is_asked = records && count < k_most_targets_of_all;
      m_targets.push_back(is_asked ? targets_of(rule, version, fresh) : std::vector<ProbeTarget>());
      count += m_targets.back().size();
    }
  }

  /// The first that is recorded, and by `also`, too, where that is given.
  [[nodiscard]] std::optional<Probe> find(const Evaluator* also) {
    for (const auto object : {ProbeTarget::Object::impossible, ProbeTarget::Object::may_exist}) {
      for (const Form& form : k_forms) {
        for (std::size_t i = 0; i < m_targets.size(); ++i) {
          if (!wants(m_policy->rules[i], form)) continue;
          if (auto probe = find_among(m_targets[i], form, object, also)) return probe;
        }
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<Probe> find_among(const std::vector<ProbeTarget>& targets, const Form& form, ProbeTarget::Object object,
                                  const Evaluator* also) {
    for (const ProbeTarget& target : targets) {
      if (target.object != object || !is_allowed(form, target)) continue;
      std::optional<Probe> probe = probe_for(form, target, *m_subject, m_fresh);
      if (!probe) continue;
      probe->decision = decide(m_evaluator, probe->request);
      if (!is_written(probe->decision, probe->request) || shows_content(*probe, target)) continue;
      if (also != nullptr && !is_written(decide(*also, probe->request), probe->request)) continue;
      return probe;
    }
    return std::nullopt;
  }

  const Policy* m_policy;
  const Subject* m_subject;
  std::string_view m_fresh;
  Evaluator m_evaluator;
  std::vector<std::vector<ProbeTarget>> m_targets;
};

std::optional<Probe> find_for_unknown(const Policy& policy, kube::Version version, const Subject& subject,
                                      std::string_view name) {
  const Policy nobody = with_user_rules(policy, UserRules::match_nobody);
  const Evaluator everybody = Evaluator::compile(with_user_rules(policy, UserRules::match_everybody), version);
  if (auto probe = Search(nobody, version, subject, name).find(&everybody)) return probe;
  auto probe = Search(nobody, version, subject, name).find(nullptr);
  if (probe) probe->certainty = Probe::Certainty::depends_on_user;
  return probe;
}

/// Whether any rule records something at some stage at all.
bool records_something(const Policy& policy) {
  const auto omits = [&](const Rule& rule, std::string_view stage) {
    return rule.omit_stages.contains(stage) || policy.omit_stages.contains(stage);
  };
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
    const bool has_level = level_of(rule.level.value).value_or(Level::none) != Level::none;
    return has_level &&
           !(omits(rule, "RequestReceived") && omits(rule, "ResponseStarted") && omits(rule, "ResponseComplete"));
  });
}

}  // namespace

ProbeSearch find_probe(const Policy& policy, kube::Version version, const Subject& subject, std::string_view name) {
  ProbeSearch search;
  search.probe = subject.user ? Search(policy, version, subject, name).find(nullptr)
                              : find_for_unknown(policy, version, subject, name);
  if (search.probe) return search;
  if (!records_something(policy)) {
    search.why = ProbeSearch::Why::records_nothing;
    return search;
  }
  const auto finds = [&](UserRules how) {
    return Search(with_user_rules(policy, how), version, subject, name).find(nullptr).has_value();
  };
  const bool is_for_others = finds(UserRules::match_everybody) || finds(UserRules::match_nobody);
  search.why = is_for_others ? ProbeSearch::Why::other_users : ProbeSearch::Why::not_harmless;
  return search;
}

void serve_under(Probe& probe, std::string_view api_version) {
  if (probe.request.kind == RequestKind::non_resource || probe.request.api_group.empty()) return;
  const std::string prefix = "/apis/" + probe.request.api_group + "/";
  const std::size_t end = probe.target.find('/', prefix.size());
  probe.target.replace(prefix.size(), end - prefix.size(), api_version);
  probe.request.path = probe.target.substr(0, probe.target.find('?'));
}

}  // namespace kaudit::policy
