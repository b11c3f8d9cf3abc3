#include <utility>

#include "begin.hpp"
#include "execution.hpp"
#include "kaudit/host/directory.hpp"
#include "put_back.hpp"

namespace kaudit::rollout {

Warning warning_of(std::string code, const Error& error) {
  Warning made;
  made.code = std::move(code);
  made.message = error.message;
  made.file = error.file;
  return made;
}

namespace {

Status sync_parent(const host::Root& root, const std::string& node_path) {
  KAUDIT_TRY(place, root.locate(node_path));
  return host::sync_parent(place);
}

/// After a failure: everything back, or named.
CarriedOut take_back(const host::Root& root, const Store& store, const Record& record, Rename rename, Error error) {
  CarriedOut result;
  PutBack end = put_back(root, store, record, rename);
  if (end.was_renamed) {
    result.warnings.push_back(warning_of("durability", error));
    return result;
  }
  result.end = end.is_complete() ? CarriedOut::End::undone : CarriedOut::End::stuck;
  result.left = end.remarks;
  for (std::string& remark : end.remarks) error.also.push_back(std::move(remark));
  for (std::string& failure : end.failures) error.also.push_back("could not be put back: " + std::move(failure));
  if (!end.is_complete()) {
    error.also.push_back("the old files are in " + store.shown(record.id) + "/before; the next run tries again");
  }
  result.error = std::move(error);
  return result;
}

}  // namespace

CarriedOut carry_out(const host::Root& root, const Store& store, const Record& record, const Intent& intent) {
  CarriedOut result;
  Execution execution(root, intent, record.id);
  if (const Status done = execution.run(); !done) {
    result = take_back(root, store, record, execution.rename(), done.error());
    if (result.end != CarriedOut::End::renamed) return result;
  }
  if (is_kept(intent.manifest)) return result;
  const Status synced = sync_parent(root, intent.manifest.node_path);
  if (!synced) result.warnings.push_back(warning_of("durability", synced.error()));
  return result;
}

}  // namespace kaudit::rollout
