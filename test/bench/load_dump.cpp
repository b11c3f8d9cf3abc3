// What many would write first: yaml-cpp loads the manifest and dumps it again. Comments, quoting and layout are lost,
// nothing is added and nothing is durable; the benchmark shows what the parsing alone would cost that way.
//
//   load_dump MANIFEST OUTPUT
#include <cstdio>
#include <exception>
#include <fstream>

#include <yaml-cpp/yaml.h>

int main(int count, char** words) {
  if (count != 3) {
    std::fputs("usage: load_dump MANIFEST OUTPUT\n", stderr);
    return 2;
  }
  try {
    const YAML::Node root = YAML::LoadFile(words[1]);
    std::ofstream output(words[2]);
    output << root << '\n';
    return output.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load_dump: %s\n", error.what());
    return 1;
  }
}
