#include "kaudit/node/reason.hpp"

namespace kaudit::node {

std::string to_string(Reason::Code code) {
  switch (code) {
    case Reason::Code::none:
      return "";
    case Reason::Code::policy:
      return "policy";
    case Reason::Code::flag:
      return "flag";
    case Reason::Code::log_file:
      return "log-file";
    case Reason::Code::webhook_config:
      return "webhook-config";
    case Reason::Code::port_taken:
      return "port-taken";
    case Reason::Code::etcd:
      return "etcd";
    case Reason::Code::crash:
      return "crash";
    case Reason::Code::host_path:
      return "host-path";
    case Reason::Code::image:
      return "image";
    case Reason::Code::manifest_refused:
      return "manifest-refused";
    case Reason::Code::kubelet_down:
      return "kubelet-down";
    case Reason::Code::runtime:
      break;
  }
  return "runtime";
}

}  // namespace kaudit::node
