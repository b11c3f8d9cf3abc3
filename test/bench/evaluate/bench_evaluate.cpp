// Our evaluator on the requests of main.go.
//
// usage: ours POLICY REQUESTS SECONDS: prints "decisions seconds checksum".
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/text/source.hpp"

namespace {

using kaudit::policy::Attributes;
using kaudit::policy::RequestKind;

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// Every text at a place of its own, as a parser of events would leave them.
struct Request {
  std::vector<std::string> fields;
  std::vector<std::string> groups;
  std::vector<std::string_view> group_views;
  Attributes attributes;
};

std::vector<Request> requests(const char* path) {
  std::vector<Request> result;
  std::istringstream lines(read(path));
  for (std::string line; std::getline(lines, line);) {
    auto& r = result.emplace_back();
    r.fields = split(line, '\t');
    r.groups = split(r.fields[1], ',');
  }
  for (auto& r : result) {
    r.group_views.assign(r.groups.begin(), r.groups.end());
    const auto& f = r.fields;
    r.attributes = {f[0], r.group_views, f[2], f[3], f[4],
                    f[5], f[6],          f[7], f[8], f[5].empty() ? RequestKind::non_resource : RequestKind::resource};
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return EXIT_FAILURE;
  const kaudit::kube::Version version{1, 36};
  const auto loading = kaudit::policy::load(kaudit::text::Source(argv[1], read(argv[1])), version);
  if (loading.verdict != kaudit::policy::Loading::Verdict::accepted) {
    std::cerr << loading.server_error << '\n';
    return EXIT_FAILURE;
  }
  const auto evaluator = kaudit::policy::Evaluator::compile(*loading.policy, version);
  const auto all = requests(argv[2]);
  const double seconds = std::atof(argv[3]);  // NOLINT(cert-err34-c): the caller is our own script
  std::uint64_t checksum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    checksum += (i + 1) * static_cast<std::uint64_t>(evaluator.decide(all[i].attributes).level);
  }
  std::uint64_t decisions = 0;
  std::uint64_t kept = 0;
  const auto start = std::clock();  // what others do on the machine does not count
  double elapsed = 0;
  while (elapsed < seconds) {
    for (const auto& request : all) kept += static_cast<std::uint64_t>(evaluator.decide(request.attributes).level);
    decisions += all.size();
    elapsed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  std::cout << decisions << ' ' << elapsed << ' ' << checksum << ' ' << (kept == 0) << '\n';
  return EXIT_SUCCESS;
}
