#pragma once

#include <string>

#include "support/pod_model.hpp"

namespace kaudit::test {

/// The model as YAML in block style, with flow style and every kind of scalar in places.
std::string write_block(Random& random, const Model& model);

/// The model as JSON: on one line, or indented with blanks or tabs.
std::string write_json(Random& random, const Model& model);

}  // namespace kaudit::test
