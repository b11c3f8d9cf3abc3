#include <charconv>

#include "kaudit/patch/disable.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

/// Where a file of the container lies on the node; "" when no hostPath mount brings it there.
std::string on_the_node(const manifest::Manifest& manifest, const std::string& container_path) {
  return patch::node_path_of(manifest, container_path).value_or(std::string());
}

/// `--tls-sni-cert-key CERT,KEY[:DOMAIN,…]`, any number of times. Source: component-base cli/flag/namedcertkey_flag.go.
void add_sni_certificates(const manifest::Manifest& manifest, std::vector<std::string>& files) {
  for (const manifest::Flag& flag : manifest.flags) {
    if (flag.name != "tls-sni-cert-key" || !flag.value) continue;
    const std::string file = on_the_node(manifest, flag.value->substr(0, flag.value->find(',')));
    if (!file.empty()) files.push_back(file);
  }
}

bool is_every_address(const std::string& address) {
  return address.empty() || address == "0.0.0.0" || address == "::" || address == "[::]";
}

}  // namespace

node::ApiServer api_server_of(const manifest::Manifest& manifest) {
  node::ApiServer server;
  server.pod_namespace = manifest.pod_namespace;
  server.pod_name = manifest.pod_name;
  server.container = manifest.container_name;
  const std::string address = manifest.flag_value("bind-address");
  if (!is_every_address(address)) server.bind_address = address;
  const std::string port = manifest.flag_value("secure-port");
  std::from_chars(port.data(), port.data() + port.size(), server.secure_port);
  const std::string certificate = on_the_node(manifest, manifest.flag_value("tls-cert-file"));
  if (!certificate.empty()) server.certificate_files.push_back(certificate);
  // Without the server's own certificate the list would refuse the one that it makes itself.
  if (!certificate.empty()) add_sni_certificates(manifest, server.certificate_files);
  server.client_certificate_file = on_the_node(manifest, manifest.flag_value("kubelet-client-certificate"));
  server.client_key_file = on_the_node(manifest, manifest.flag_value("kubelet-client-key"));
  return server;
}

std::vector<std::string> audit_flags_of(const manifest::Manifest& manifest) {
  std::vector<std::string> elements;
  for (const manifest::Flag& flag : manifest.flags) {
    if (!flag.name.starts_with("audit-")) continue;
    const bool is_one_element = flag.elements == 1 && flag.value;
    elements.push_back(is_one_element ? flag.spelling + "=" + *flag.value : flag.spelling);
  }
  return elements;
}

}  // namespace kaudit::cli
