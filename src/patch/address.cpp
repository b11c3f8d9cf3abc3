#include "kaudit/patch/address.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include <system_error>

#include "kaudit/base/ascii.hpp"

namespace kaudit::patch {
namespace {

constexpr std::string_view k_behind_scheme = "://";

std::optional<std::uint16_t> own_port_of(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  if (scheme == "socks5") return 1080;
  return std::nullopt;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const char small = lower_case(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

std::optional<std::uint16_t> port_in(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

/// "[fd00::1%25eth0]:443" or "name:443". False: it is neither.
bool take_host_and_port(std::string_view text, Address& address) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    address.host = text.substr(1, std::min(end, text.find('%')) - 1);
    port = text.substr(end + 1);
    if (address.host.find(':') == std::string::npos || (!port.empty() && port.front() != ':')) return false;
  } else {
    const std::size_t colon = text.find(':');
    address.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  address.names_port = port.size() > 1;  // "name:" has none
  const auto number = address.names_port ? port_in(port.substr(1)) : own_port_of(address.scheme);
  address.port = number.value_or(0);
  return !address.host.empty() && number.has_value();
}

bool is_unprintable(char c) { return is_control(c) || c == ' '; }

}  // namespace

std::string Address::shown() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return scheme + "://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Address> address_of(std::string_view url, std::string_view default_scheme) {
  Address address;
  if (std::any_of(url.begin(), url.end(), is_unprintable)) return std::nullopt;
  const std::size_t behind = url.find(k_behind_scheme);
  const bool has_scheme = behind != std::string_view::npos && is_scheme(url.substr(0, behind));
  address.scheme = has_scheme ? lower_case(url.substr(0, behind)) : std::string(default_scheme);
  if (address.scheme.empty()) return std::nullopt;
  std::string_view rest = has_scheme ? url.substr(behind + k_behind_scheme.size()) : url;
  const std::size_t end = rest.find_first_of("/?#");
  if (!has_scheme && end != std::string_view::npos && rest.substr(end) != "/") return std::nullopt;
  rest = rest.substr(0, end);
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    address.has_credentials = true;
    rest.remove_prefix(at + 1);
  }
  if (!take_host_and_port(rest, address)) return std::nullopt;
  return address;
}

bool is_name_of_service(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string name = lower_case(host);
  return name.ends_with(".svc") || name.ends_with(".svc.cluster.local");
}

bool is_loopback(std::string_view host) {
  const std::string name = lower_case(host);
  const bool is_v4 = name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos;
  return name == "localhost" || is_v4 || name == "::1" || name == "0:0:0:0:0:0:0:1";
}

}  // namespace kaudit::patch
