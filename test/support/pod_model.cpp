#include "support/pod_model.hpp"

#include <algorithm>
#include <utility>

namespace kaudit::test {

Model Model::string(std::string text) { return {Kind::text, std::move(text), {}, {}}; }
Model Model::word(std::string text) { return {Kind::word, std::move(text), {}, {}}; }
Model Model::list(std::vector<Model> items) { return {Kind::list, {}, std::move(items), {}}; }
Model Model::map(std::vector<ModelEntry> entries) { return {Kind::map, {}, {}, std::move(entries)}; }

namespace {

using Entries = std::vector<ModelEntry>;

void shuffle(Random& random, Entries& entries) {
  for (std::size_t i = entries.size(); i > 1; --i) std::swap(entries[i - 1], entries[random.below(i)]);
}

Model random_command(Random& random) {
  std::vector<std::string> flags = {"--advertise-address=10.0.0.4",
                                    "--allow-privileged=true",
                                    "--authorization-mode=Node,RBAC",
                                    "--client-ca-file=/etc/kubernetes/pki/ca.crt",
                                    "--enable-admission-plugins=NodeRestriction",
                                    "--etcd-servers=https://127.0.0.1:2379",
                                    "--feature-gates=A=true,B=false",
                                    "--secure-port=6443",
                                    "--service-cluster-ip-range=10.96.0.0/12",
                                    "--tls-cipher-suites=TLS_AES_128_GCM_SHA256"};
  if (random.one_in(4)) std::swap(flags[random.below(flags.size())], flags[random.below(flags.size())]);
  flags.resize(random.below(flags.size()) + 1);
  std::vector<Model> items = {Model::string(random.of({"kube-apiserver", "/usr/local/bin/kube-apiserver"}))};
  for (const std::string& flag : flags) items.push_back(Model::string(flag));
  return Model::list(std::move(items));
}

std::vector<std::string> random_volume_names(Random& random) {
  const std::vector<std::string> all = {"ca-certs", "etc-ca-certificates", "k8s-certs", "usr-share-ca-certificates"};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(random.below(all.size() + 1))};
}

Model volume(Random& random, const std::string& name) {
  if (random.one_in(5)) return Model::map({{"name", Model::string(name)}, {"emptyDir", Model::map({})}});
  Entries source = {{"path", Model::string("/etc/" + name)}, {"type", Model::string("DirectoryOrCreate")}};
  shuffle(random, source);
  Entries entries = {{"hostPath", Model::map(std::move(source))}, {"name", Model::string(name)}};
  shuffle(random, entries);
  return Model::map(std::move(entries));
}

Model mount(Random& random, const std::string& name) {
  Entries entries = {{"mountPath", Model::string("/mnt/" + name)}, {"name", Model::string(name)}};
  if (!random.one_in(3)) entries.push_back({"readOnly", Model::word("true")});
  shuffle(random, entries);
  return Model::map(std::move(entries));
}

Model probe() {
  return Model::map({{"httpGet", Model::map({{"path", Model::string("/livez")}, {"port", Model::word("6443")}})},
                     {"failureThreshold", Model::word("8")}});
}

Model random_container(Random& random, const std::vector<std::string>& volumes) {
  Entries entries = {{"name", Model::string("kube-apiserver")},
                     {"image", Model::string("registry.k8s.io/kube-apiserver:v1.30.2")}};
  Model command = random_command(random);
  if (random.one_in(4)) {
    entries.push_back({"args", Model::list({command.items.begin() + 1, command.items.end()})});
    command.items.resize(1);
  }
  entries.push_back({"command", std::move(command)});
  std::vector<Model> mounts;
  for (const std::string& name : volumes) {
    if (!random.one_in(5)) mounts.push_back(mount(random, name));
  }
  if (!mounts.empty() || random.one_in(2)) entries.push_back({"volumeMounts", Model::list(std::move(mounts))});
  if (random.one_in(2)) entries.push_back({"livenessProbe", probe()});
  if (random.one_in(2)) {
    entries.push_back({"resources", Model::map({{"requests", Model::map({{"cpu", Model::string("250m")}})}})});
  }
  if (random.one_in(3)) {
    const Model value =
        Model::string(random.of({"a b", "# no comment", "x: y", "", "two\nlines\n", "it's", "tail\n\n"}));
    entries.push_back({"env", Model::list({Model::map({{"name", Model::string("SOME")}, {"value", value}})})});
  }
  shuffle(random, entries);
  return Model::map(std::move(entries));
}

Model random_metadata(Random& random) {
  Entries entries = {{"name", Model::string("kube-apiserver")}, {"namespace", Model::string("kube-system")}};
  entries.push_back({"labels", Model::map({{"component", Model::string("kube-apiserver")},
                                           {"tier", Model::string("control-plane")}})});
  if (random.one_in(3)) entries.push_back({"creationTimestamp", Model::word("null")});
  if (random.one_in(2)) {
    Entries notes;
    if (random.one_in(2)) {
      notes.push_back(
          {"kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint", Model::string("10.0.0.4:6443")});
    }
    if (random.one_in(2)) {
      notes.push_back({"example.org/note", Model::string(random.of({"some words in a row", "first line\nsecond line\n",
                                                                    "a\n\n# b\n  c", "true", "\xC3\xA9t\xC3\xA9"}))});
    }
    entries.push_back({"annotations", Model::map(std::move(notes))});
  }
  shuffle(random, entries);
  return Model::map(std::move(entries));
}

}  // namespace

Model random_pod(Random& random) {
  const std::vector<std::string> volumes = random_volume_names(random);
  std::vector<Model> containers = {random_container(random, volumes)};
  if (random.one_in(8)) {
    containers.push_back(Model::map({{"name", Model::string("sidecar")},
                                     {"image", Model::string("example.org/side:1")},
                                     {"command", Model::list({Model::string("sleep"), Model::string("1e9")})}}));
    if (random.one_in(2)) std::swap(containers[0], containers[1]);
  }
  Entries spec = {{"containers", Model::list(std::move(containers))}, {"hostNetwork", Model::word("true")}};
  std::vector<Model> all;
  all.reserve(volumes.size());
  for (const std::string& name : volumes) all.push_back(volume(random, name));
  if (!all.empty() || random.one_in(2)) spec.push_back({"volumes", Model::list(std::move(all))});
  if (random.one_in(2)) spec.push_back({"priorityClassName", Model::string("system-node-critical")});
  shuffle(random, spec);
  Entries pod = {{"apiVersion", Model::string("v1")},
                 {"kind", Model::string("Pod")},
                 {"metadata", random_metadata(random)},
                 {"spec", Model::map(std::move(spec))}};
  if (random.one_in(2)) pod.push_back({"status", Model::map({})});
  if (random.one_in(3)) shuffle(random, pod);
  return Model::map(std::move(pod));
}

}  // namespace kaudit::test
