#include "kaudit/cli/run.hpp"

int main(int argc, char** argv) { return kaudit::cli::run(argc, argv); }
