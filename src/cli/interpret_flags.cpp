#include <algorithm>
#include <array>

#include "kaudit/base/nearest.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/patch/desired.hpp"
#include "typed.hpp"

namespace kaudit::cli {
namespace {

struct OwnOption {
  std::string_view flag;
  std::string_view option;
};
constexpr std::array<OwnOption, 6> k_own = {{{"audit-policy-file", "--policy"},
                                             {"audit-log-path", "--log"},
                                             {"audit-webhook-config-file", "--webhook-config"},
                                             {"audit-log-maxage", "--max-age"},
                                             {"audit-log-maxbackup", "--max-backup"},
                                             {"audit-log-maxsize", "--max-size"}}};

const kube::AuditFlag* row_of(std::string_view name) {
  for (const kube::AuditFlag& row : kube::audit_flags()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Error unknown_flag(const std::string& typed, const std::string& name) {
  std::vector<std::string_view> known;
  for (const kube::AuditFlag& row : kube::audit_flags()) known.push_back(row.name);
  const std::string nearest = nearest_word(name, known);
  const std::string message = "--flag " + typed + ": kube-apiserver has no audit flag --" + name;
  return usage_error(message, nearest.empty() ? "only --audit-* flags can be set" : "did you mean " + nearest + "?");
}

Result<patch::FlagWish> interpret_flag(const std::string& typed) {
  std::string_view text = typed;
  while (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t equals = text.find('=');
  patch::FlagWish wish;
  if (equals == std::string_view::npos) {
    if (!text.ends_with('-')) {
      return usage_error("--flag " + typed + ": needs a value", "write NAME=VALUE to set, NAME- to take it out");
    }
    wish.name = kube::normalise_flag_name(text.substr(0, text.size() - 1));
  } else {
    wish.name = kube::normalise_flag_name(text.substr(0, equals));
    wish.value = std::string(text.substr(equals + 1));
  }
  const kube::AuditFlag* row = row_of(wish.name);
  if (row == nullptr) return unknown_flag(typed, wish.name);
  for (const OwnOption& own : k_own) {
    if (own.flag == wish.name) {
      return usage_error("--flag " + typed + ": this flag has an option of its own", "use " + std::string(own.option));
    }
  }
  if (wish.value) {
    if (has_control_characters(*wish.value)) {
      return usage_error("--flag " + wish.name + ": the value must not contain control characters");
    }
    const kube::Version version = row->removed ? kube::k_oldest_known : kube::k_newest_known;
    const auto problems = kube::refused_by_apiserver({{wish.name, wish.value}}, version);
    if (!problems.empty()) return usage_error("--flag " + typed + ": " + problems.front().message);
  }
  return wish;
}

}  // namespace

Result<std::vector<patch::FlagWish>> interpret_flags(const std::vector<std::string>& flags) {
  std::vector<patch::FlagWish> wishes;
  for (const std::string& typed : flags) {
    KAUDIT_TRY(wish, interpret_flag(typed));
    const bool twice = std::any_of(wishes.begin(), wishes.end(), [&](const patch::FlagWish& other) {
      return patch::same_variable(other.name, wish.name);
    });
    if (twice) return usage_error("--flag " + wish.name + " is given twice");
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

}  // namespace kaudit::cli
