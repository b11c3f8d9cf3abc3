# Targets for the tools that judge the code itself:
#   format-check  clang-format over include, src and test: fails when a file would change
#   tidy          clang-tidy over the compile database
find_program(KAUDIT_CLANG_FORMAT clang-format)
find_program(KAUDIT_RUN_CLANG_TIDY run-clang-tidy)

file(GLOB_RECURSE kaudit_code CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/include/*.hpp" "${PROJECT_SOURCE_DIR}/src/*.[ch]pp" "${PROJECT_SOURCE_DIR}/test/*.[ch]pp")

if(KAUDIT_CLANG_FORMAT)
  add_custom_target(format-check
    COMMAND "${KAUDIT_CLANG_FORMAT}" --dry-run -Werror ${kaudit_code}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" COMMENT "clang-format" VERBATIM)
endif()

# Warnings that only the other compiler knows are no finding.
if(KAUDIT_RUN_CLANG_TIDY)
  add_custom_target(tidy
    COMMAND "${KAUDIT_RUN_CLANG_TIDY}" -quiet -j 2 -p "${PROJECT_BINARY_DIR}"
            -extra-arg=-Wno-unknown-warning-option "${PROJECT_SOURCE_DIR}/(src|test)/"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" COMMENT "clang-tidy" VERBATIM)
endif()
