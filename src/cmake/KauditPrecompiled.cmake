# The standard library's headers, and Catch2's, compiled once: a debug build spends a third of its time on them. Not with
# ccache, which makes more of a file that is compiled as it stands; those builds find an #include that is missing.
if(CMAKE_BUILD_TYPE STREQUAL "Debug" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(kaudit_precompiles ON)
else()
  set(kaudit_precompiles OFF)
endif()
option(KAUDIT_PRECOMPILE "Compile the headers of the standard library and of Catch2 once" ${kaudit_precompiles})

# kaudit_precompiled(NAME LIBRARY|PROGRAM HEADERS <string> … USES …)
#
# A target that is there for the headers alone; kaudit_reuse(TARGET NAME) has a library or a program, whose code is
# compiled with -fPIC or -fPIE, take them. fmt is none of them: where it is a shared library, a macro tells those who use it.
function(kaudit_precompiled name)
  if(NOT KAUDIT_PRECOMPILE)
    return()
  endif()
  cmake_parse_arguments(arg "LIBRARY;PROGRAM" "" "HEADERS;USES" ${ARGN})
  file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp" CONTENT "")
  if(arg_PROGRAM)
    add_executable(${name} EXCLUDE_FROM_ALL "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  else()
    add_library(${name} OBJECT EXCLUDE_FROM_ALL "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  endif()
  target_link_libraries(${name} PRIVATE kaudit_settings kaudit_warnings ${arg_USES})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

function(kaudit_reuse target name)
  if(KAUDIT_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()
