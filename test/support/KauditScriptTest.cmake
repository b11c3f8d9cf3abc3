# kaudit_script_test(cli.options cli options_test.py [arguments…])
#
# A Python script of the calling directory that drives the real program: `script PROGRAM arguments…`. Exit status 77
# is "skipped".
include_guard(GLOBAL)

function(kaudit_script_test name label script)
  add_test(NAME ${name}
    COMMAND ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/${script}" $<TARGET_FILE:kaudit> ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77
    ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1" TIMEOUT 600)
endfunction()
