#pragma once

#include "journal.hpp"
#include "kaudit/host/root.hpp"
#include "record.hpp"
#include "watch_loop.hpp"

namespace kaudit::rollout {

/// Proves the audit trail of the new server, which has just been found healthy, where the run's plan asks for it. What
/// came of it goes into the record's ending (not yet to the disk) and the journal. A trail that is missing makes
/// `verdict` one to give up; one that could not be tried changes nothing. A guardian that is killed meanwhile has
/// written nothing of it: the next one proves again.
void prove_trail(const host::Root& root, Record& record, const Journal& journal, Verdict& verdict);

}  // namespace kaudit::rollout
