// Any bytes: no crash, no hang, no sanitizer finding. What is accepted, written as JSON, reads back as the same value.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "kaudit/decode/decode.hpp"

using kaudit::decode::as_kubernetes_reads_it;
using kaudit::decode::Value;
using kaudit::text::Source;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Source source("fuzz", std::string(data, data + size));
  const auto value = as_kubernetes_reads_it(source);
  if (!value) {
    // A refusal says what and where, and the place is in the text.
    if (value.error().message.empty() || value.error().code.empty() || value.error().line == 0) std::abort();
    return 0;
  }
  // In an object: only a text that starts with { is read as JSON.
  const bool object = value->object() != nullptr;
  const std::string json = kaudit::decode::to_json(*value);
  const auto again = as_kubernetes_reads_it(Source("json", object ? json : "{\"v\":" + json + "}"));
  if (!again) {
    // The wrapper is one level more than may be.
    if (!object && again.error().code == "too-deep") return 0;
    std::abort();
  }
  const Value& same = object ? *again : *again->find("v");
  if (!kaudit::decode::equal(*value, same)) std::abort();
  const Value copy(*value);  // NOLINT(performance-unnecessary-copy-initialization): copying is what is tried
  if (kaudit::decode::first_difference(copy, same)) std::abort();
  return 0;
}
