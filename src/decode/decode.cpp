#include "kaudit/decode/decode.hpp"

#include "json_reader.hpp"
#include "text_bytes.hpp"
#include "yaml_composer.hpp"
#include "yaml_tape.hpp"

namespace kaudit::decode {
namespace {

/// k8s.io/apimachinery pkg/util/yaml decoder.go hasJSONPrefix.
bool is_json(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    if (!rune.valid || !is_unicode_space(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  return !text.empty() && text.front() == '{';
}

}  // namespace

Result<Value> as_kubernetes_reads_it(const text::Source& source) {
  if (is_json(source.bytes())) return read_json(source);
  KAUDIT_TRY(tape, read_tape(source));
  return compose(source, tape);
}

}  // namespace kaudit::decode
