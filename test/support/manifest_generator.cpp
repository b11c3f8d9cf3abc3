#include "support/manifest_generator.hpp"

#include "support/layout_writer.hpp"

namespace kaudit::test {

std::string generate_manifest(std::uint64_t seed, Looks looks) {
  Random random(seed);
  const Model pod = random_pod(random);
  const bool json = looks == Looks::json || (looks == Looks::any && random.one_in(6));
  return json ? write_json(random, pod) : write_block(random, pod);
}

}  // namespace kaudit::test
