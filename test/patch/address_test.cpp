#include "kaudit/patch/address.hpp"

#include <string>

#include "support/catch.hpp"

using kaudit::patch::Address;
using kaudit::patch::address_of;
using kaudit::patch::is_loopback;
using kaudit::patch::is_name_of_service;

namespace {

std::string shown(const std::string& url) {
  const auto address = address_of(url, "https");
  return address ? address->shown() : "none";
}

}  // namespace

TEST_CASE("what is shown of an address is scheme, host and port", "[webhook]") {
  CHECK(shown("https://falco.example:9765/k8s-audit") == "https://falco.example:9765");
  CHECK(shown("http://192.0.2.9/x?token=s#y") == "http://192.0.2.9:80");
  CHECK(shown("HTTPS://Falco.example") == "https://Falco.example:443");
  CHECK(shown("https://jane:s3cret@falco.example:9765/") == "https://falco.example:9765");
  CHECK(shown("https://a@b:c@falco.example/") == "https://falco.example:443");
  CHECK(shown("https://[fd00::1%25eth0]:9765/x") == "https://[fd00::1]:9765");
  CHECK(shown("socks5://proxy") == "socks5://proxy:1080");
}

TEST_CASE("an address tells whether it names a port, and credentials", "[webhook]") {
  const auto plain = address_of("https://falco.example", "https");
  REQUIRE(plain);
  CHECK_FALSE(plain->names_port);
  CHECK_FALSE(plain->has_credentials);
  CHECK_FALSE(address_of("https://falco.example:/x", "https")->names_port);
  CHECK(address_of("https://falco.example:443", "https")->names_port);
  CHECK(address_of("https://jane@falco.example", "https")->has_credentials);
}

TEST_CASE("without a scheme it is HOST[:PORT] alone, as the server's own client has it", "[webhook]") {
  CHECK(shown("falco.example:9765") == "https://falco.example:9765");
  CHECK(address_of("falco.example", "http")->shown() == "http://falco.example:80");
  CHECK(shown("127.0.0.1:9765/") == "https://127.0.0.1:9765");
  CHECK(shown("falco.example:9765/k8s-audit") == "none");
}

TEST_CASE("what cannot be connected to is no address", "[webhook]") {
  for (const char* url :
       {"", "https://", "https://:9765", "https://x:port", "https://x:0", "https://x:65536", "https://[::1",
        "https://[x]:1", "https://[::1]9", "https://a b", "https://a\nb", "unix:///run/x", "ftp://x"}) {
    INFO(url);
    CHECK(shown(url) == "none");
  }
  CHECK_FALSE(address_of("proxy:1", ""));
}

TEST_CASE("names of services are known, and nothing else that ends alike", "[webhook]") {
  for (const char* name : {"falco.falco.svc", "Falco.falco.SVC.cluster.local", "falco.falco.svc.cluster.local."}) {
    CHECK(is_name_of_service(name));
  }
  for (const char* name : {"svc", "falco.example", "falco.falcosvc", "falco.svc.example.com"}) {
    CHECK_FALSE(is_name_of_service(name));
  }
}

TEST_CASE("this node itself", "[webhook]") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) CHECK(is_loopback(host));
  for (const char* host : {"localhost.example", "127.example", "128.0.0.1", "::2", "0.0.0.0"})
    CHECK_FALSE(is_loopback(host));
}
