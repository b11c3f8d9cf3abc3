#include "yaml_frame.hpp"

namespace kaudit::decode {

std::string path_of(const std::vector<Frame>& frames) {
  std::string path;
  for (const Frame& frame : frames) {
    if (frame.kind == Frame::Kind::sequence) {
      path += '[' + std::to_string(frame.items.size()) + ']';
    } else if (frame.has_key) {
      if (!path.empty()) path += '.';
      path += frame.entry.member.key;
    }
  }
  return path;
}

}  // namespace kaudit::decode
