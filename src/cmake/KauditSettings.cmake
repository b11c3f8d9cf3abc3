# Compiler settings of every target of this project, as two interface targets.

add_library(kaudit_settings INTERFACE)
target_compile_features(kaudit_settings INTERFACE cxx_std_20)
target_include_directories(kaudit_settings INTERFACE
  "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include")
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The same bytes from every folder: no path of the source or the build gets into an object file, and none that is
# relative to the build either, which is what ccache's base_dir makes of the absolute ones (OpenSSL's macros have __FILE__).
file(RELATIVE_PATH kaudit_source_from_build "${PROJECT_BINARY_DIR}" "${PROJECT_SOURCE_DIR}")
string(REGEX REPLACE "/$" "" kaudit_source_from_build "${kaudit_source_from_build}")
target_compile_options(kaudit_settings INTERFACE
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=." "-ffile-prefix-map=${PROJECT_BINARY_DIR}=build")
if(NOT kaudit_source_from_build STREQUAL "")
  target_compile_options(kaudit_settings INTERFACE "-ffile-prefix-map=${kaudit_source_from_build}=.")
endif()

# Hardening; _FORTIFY_SOURCE needs optimisation and does not go with the sanitizers.
target_compile_options(kaudit_settings INTERFACE -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(kaudit_settings INTERFACE -fcf-protection)
endif()
target_link_options(kaudit_settings INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
if(KAUDIT_SANITIZE)
  target_compile_options(kaudit_settings INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(kaudit_settings INTERFACE -fsanitize=address,undefined)
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(kaudit_settings INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_compile_definitions(kaudit_settings INTERFACE _GLIBCXX_ASSERTIONS)
endif()

if(KAUDIT_FUZZ)
  target_compile_options(kaudit_settings INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(kaudit_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(kaudit_warnings INTERFACE)
target_compile_options(kaudit_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wformat=2 -Wundef)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What g++ 12 and 14 get wrong in optimised code: -Wnull-dereference and -Wmaybe-uninitialized (moves of std::variant),
  # -Wrestrict (string + string, GCC bug 105651).
  target_compile_options(kaudit_warnings INTERFACE
    -Wuseless-cast -Wduplicated-cond -Wlogical-op -Wno-maybe-uninitialized -Wno-restrict)
  # Where several source files are compiled as one, g++ takes each for a header with types that only it knows.
  if(CMAKE_UNITY_BUILD)
    target_compile_options(kaudit_warnings INTERFACE -Wno-subobject-linkage)
  endif()
endif()
if(KAUDIT_WERROR)
  target_compile_options(kaudit_warnings INTERFACE -Werror)
endif()
