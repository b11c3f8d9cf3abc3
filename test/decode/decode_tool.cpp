// Prints, for each file named on the command line or on standard input, what the decoder makes of it: one line of JSON
// {"file":…,"json":…} or {"file":…,"error":…,"code":…,"line":…,"column":…}. For the comparison with Go, and for people.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "kaudit/decode/decode.hpp"

namespace {

using kaudit::decode::Value;

Value text(std::string value) { return Value(Value::Data(std::move(value))); }

Value number(std::size_t value) { return Value(Value::Data(static_cast<std::int64_t>(value))); }

std::string answer(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Value::Object object;
  object.push_back({"file", text(file), 0});
  auto value = kaudit::decode::as_kubernetes_reads_it(kaudit::text::Source(file, std::move(bytes)));
  if (value) {
    object.push_back({"json", text(kaudit::decode::to_json(*value)), 0});
  } else {
    object.push_back({"error", text(value.error().message), 0});
    object.push_back({"code", text(value.error().code), 0});
    object.push_back({"line", number(value.error().line), 0});
    object.push_back({"column", number(value.error().column), 0});
  }
  return kaudit::decode::to_json(Value(Value::Data(std::move(object))));
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) std::cout << answer(argv[i]) << '\n';
  if (argc > 1) return 0;
  for (std::string file; std::getline(std::cin, file);) std::cout << answer(file) << '\n' << std::flush;
  return 0;
}
