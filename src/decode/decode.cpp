#include "kaudit/decode/decode.hpp"

#include "json_reader.hpp"
#include "kaudit/text/utf8.hpp"
#include "yaml_composer.hpp"
#include "yaml_tape.hpp"

namespace kaudit::decode {
namespace {

Result<Reading> read(const text::Source& source, TypeDependent what) {
  Reading reading;
  if (text::is_json(source.bytes())) {
    reading.format = Format::json;
    KAUDIT_TRY(value, read_json(source, what));
    reading.value = std::move(value);
    return reading;
  }
  KAUDIT_TRY(tape, read_tape(source));
  KAUDIT_TRY(composition, compose(source, tape, what));
  reading.value = std::move(composition.value);
  reading.duplicates = std::move(composition.duplicates);
  return reading;
}

}  // namespace

Result<Value> as_kubernetes_reads_it(const text::Source& source) {
  KAUDIT_TRY(reading, read(source, TypeDependent::refused));
  return std::move(reading.value);
}

Result<Reading> read_for_types(const text::Source& source) { return read(source, TypeDependent::kept); }

}  // namespace kaudit::decode
