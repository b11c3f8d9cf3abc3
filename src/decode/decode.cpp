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
  if (is_json(source.bytes())) return read_json(source, TypeDependent::refused);
  KAUDIT_TRY(tape, read_tape(source));
  KAUDIT_TRY(composition, compose(source, tape, TypeDependent::refused));
  return std::move(composition.value);
}

Result<Reading> read_for_types(const text::Source& source) {
  Reading reading;
  if (is_json(source.bytes())) {
    reading.format = Format::json;
    KAUDIT_TRY(value, read_json(source, TypeDependent::kept));
    reading.value = std::move(value);
    return reading;
  }
  KAUDIT_TRY(tape, read_tape(source));
  KAUDIT_TRY(composition, compose(source, tape, TypeDependent::kept));
  reading.value = std::move(composition.value);
  reading.duplicates = std::move(composition.duplicates);
  return reading;
}

}  // namespace kaudit::decode
