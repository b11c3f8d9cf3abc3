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

/// The parts of a text, which must stay.
std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (auto end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

/// Requests whose texts are parts of one text, as in main.go, where strings.Split copies nothing either.
struct Requests {
  std::string text;
  std::vector<std::vector<std::string_view>> groups;
  std::vector<Attributes> all;
};

Requests requests(const char* path) {
  Requests result;
  result.text = read(path);
  auto lines = split(result.text, '\n');
  lines.pop_back();  // behind the last line's end
  result.groups.reserve(lines.size());
  for (const auto line : lines) {
    const auto f = split(line, '\t');
    const auto& groups = result.groups.emplace_back(split(f[1], ','));
    const auto kind = f[5].empty() ? RequestKind::non_resource : RequestKind::resource;
    result.all.push_back({f[0], groups, f[2], f[3], f[4], f[5], f[6], f[7], f[8], kind});
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
  const auto requests_read = requests(argv[2]);
  const auto& all = requests_read.all;
  const double seconds = std::atof(argv[3]);  // NOLINT(cert-err34-c): the caller is our own script
  std::uint64_t checksum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    checksum += (i + 1) * static_cast<std::uint64_t>(evaluator.decide(all[i]).level);
  }
  std::uint64_t decisions = 0;
  std::uint64_t kept = 0;
  const auto start = std::clock();  // what others do on the machine does not count
  double elapsed = 0;
  while (elapsed < seconds) {
    for (const auto& request : all) kept += static_cast<std::uint64_t>(evaluator.decide(request).level);
    decisions += all.size();
    elapsed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  std::cout << decisions << ' ' << elapsed << ' ' << checksum << ' ' << (kept == 0) << '\n';
  return EXIT_SUCCESS;
}
