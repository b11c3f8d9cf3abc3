# The packages kaudit stands on, all from the distribution (Debian 12 and 13).
#
# A static program needs archives. Debian ships them for yaml-cpp and libcrypto, but yaml-cpp's CMake files name the
# shared library; of fmt it has no archive, so its headers are compiled in. The targets have the same names in both
# branches: modules do not know which one they get.

find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)

if(NOT KAUDIT_STATIC)
  find_package(fmt REQUIRED)
  find_package(yaml-cpp REQUIRED)
  find_package(OpenSSL REQUIRED COMPONENTS SSL Crypto)
  if(NOT TARGET yaml-cpp::yaml-cpp) # Debian 12: yaml-cpp 0.7
    add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
  endif()
  return()
endif()

function(kaudit_archive target header archive)
  string(MAKE_C_IDENTIFIER "KAUDIT_${archive}" variable)
  find_path(${variable}_INCLUDE ${header} REQUIRED)
  find_library(${variable} ${archive} REQUIRED)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${${variable}}" INTERFACE_INCLUDE_DIRECTORIES "${${variable}_INCLUDE}")
endfunction()

kaudit_archive(yaml-cpp::yaml-cpp yaml-cpp/yaml.h libyaml-cpp.a)
target_compile_definitions(yaml-cpp::yaml-cpp INTERFACE YAML_CPP_STATIC_DEFINE)
# The linker warns that libcrypto.a names getaddrinfo, gethostbyname and dlopen, which would need the C library's files
# at run time. Nothing here calls them: addresses are numeric, the socket is one of our own, and no configuration that
# could name a module is loaded (src/host/tls.cpp). Functions of ours in their place would quieten the first two only:
# the C library itself brings in the third.
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(OpenSSL REQUIRED COMPONENTS SSL Crypto)
foreach(archive IN ITEMS libz.a libzstd.a) # what libcrypto of Debian 13 needs
  find_library(KAUDIT_${archive} ${archive})
  if(KAUDIT_${archive})
    target_link_libraries(OpenSSL::Crypto INTERFACE "${KAUDIT_${archive}}")
  endif()
endforeach()
find_path(KAUDIT_FMT_INCLUDE fmt/format.h REQUIRED)
add_library(fmt::fmt INTERFACE IMPORTED GLOBAL)
target_include_directories(fmt::fmt INTERFACE "${KAUDIT_FMT_INCLUDE}")
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY=1)
