# kaudit_module(text SOURCES a.cpp b.cpp KNOWS base [USES fmt::fmt …])
#
# One module of the house: static library kaudit_text over the headers in include/kaudit/text. KNOWS are the modules
# whose headers it may include (docs/ARCHITECTURE.md); USES are packages, which stay behind its own source files.
function(kaudit_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;KNOWS;USES" ${ARGN})
  add_library(kaudit_${name} STATIC ${arg_SOURCES})
  target_link_libraries(kaudit_${name} PUBLIC kaudit_settings PRIVATE kaudit_warnings ${arg_USES})
  foreach(known IN LISTS arg_KNOWS)
    target_link_libraries(kaudit_${name} PUBLIC kaudit_${known})
  endforeach()
endfunction()

# kaudit_unit_test(text SOURCES a_test.cpp …  KNOWS text)
#
# One test program per module, ctest name `unit.text`.
function(kaudit_unit_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;KNOWS;USES" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE kaudit_test_support kaudit_warnings ${arg_USES})
  foreach(known IN LISTS arg_KNOWS)
    target_link_libraries(test_${name} PRIVATE kaudit_${known})
  endforeach()
  target_compile_definitions(test_${name} PRIVATE KAUDIT_TESTDATA="${PROJECT_SOURCE_DIR}/testdata")
  add_test(NAME unit.${name} COMMAND test_${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit)
endfunction()

# kaudit_fuzz_target(decode SOURCES decode_fuzz.cpp KNOWS decode)
#
# libFuzzer program BUILD/fuzz/fuzz_decode; its seeds are testdata/fuzz/decode. Preset `fuzz`.
function(kaudit_fuzz_target name)
  cmake_parse_arguments(arg "" "" "SOURCES;KNOWS;USES" ${ARGN})
  add_executable(fuzz_${name} ${arg_SOURCES})
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
  target_link_libraries(fuzz_${name} PRIVATE kaudit_settings kaudit_warnings ${arg_USES})
  foreach(known IN LISTS arg_KNOWS)
    target_link_libraries(fuzz_${name} PRIVATE kaudit_${known})
  endforeach()
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzz_targets fuzz_${name})
endfunction()
