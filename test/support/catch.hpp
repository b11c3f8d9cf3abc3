#pragma once

// Catch2 2 (Debian 12) and 3 (Debian 13) differ in the header's name only, for what these tests use.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#else
#include <catch2/catch.hpp>
#endif
