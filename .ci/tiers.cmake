# The tiers of the check, in the order in which they run. Each is `.ci/tier NAME`; 77 is "skipped", with the reason in
# its output. This file is read by ctest itself (.ci/run), not by CMake.
set(cost 100) # ctest starts what costs most first
foreach(tier IN ITEMS
    e2e             # the program on a real control plane: it mostly waits, so it runs beside all the others
    readme-test     # the README's second command: gcc, Debug, warnings as errors, every test
    readme-demo     # the README's first command
    sanitizers      # the same tests with clang, AddressSanitizer and UndefinedBehaviorSanitizer
    format          # clang-format
    static          # the released binary: static, hardened, reproducible, installed
    optimised       # corpus, laws and system calls at full length, on the optimised program
    conformance     # lint and explain against kube-apiserver's own code
    fuzz            # each libFuzzer target for a minute
    debian-13)      # both commands of the README in a new Debian 13
  add_test(${tier} "${kaudit_root}/.ci/tier" "${tier}")
  set_tests_properties(${tier} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 3600 COST ${cost})
  if(NOT tier STREQUAL "e2e")
    set_tests_properties(${tier} PROPERTIES RESOURCE_LOCK cpu)
  endif()
  math(EXPR cost "${cost} - 1")
endforeach()
# readme-test installs what a build needs.
set_tests_properties(e2e PROPERTIES DEPENDS readme-test)

# What compiles each source file by itself: whether it includes what it needs, and clang-tidy, which alone takes longer
# than everything else. KAUDIT_TIDY=1 .ci/run includes tidy
if(DEFINED ENV{KAUDIT_TIDY})
  foreach(tier IN ITEMS includes tidy)
    add_test(${tier} "${kaudit_root}/.ci/tier" ${tier})
    set_tests_properties(${tier} PROPERTIES TIMEOUT 5400 RESOURCE_LOCK cpu)
  endforeach()
endif()
