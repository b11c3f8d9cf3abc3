#include "help.hpp"

#include <string_view>

#include "kaudit/cli/version.hpp"

namespace kaudit::cli {

namespace {

/// The end of the help of `disable` and `rollback`: what they have in common with every verb that may change the node.
constexpr std::string_view k_run_options = R"(  --state-dir DIR          lock, runs and backups   [/var/lib/kaudit]
  --keep-backups N         runs to keep             [10]
  --wait, --no-wait        wait until the API server is healthy       [--wait]
  --timeout SECONDS        how long it may take     [300]
  --no-watch               nobody watches
  --hasten                 end the old API server once it only lingers
  --dry-run                print plan and diff, write nothing
  --check                  the same; exit status 1 if something would change
  --ignore CODE,...        go on in spite of these refusals
  --output FORMAT          text or json             [text]
  --color WHEN             auto, always, never      [auto]
  -q, --quiet              neither plan nor diff
  -v, --verbose            more detail
  -h, --help               this help
      --version            print the version

Exit status: as that of kaudit enable.
)";

}  // namespace

std::string version_text() { return "kaudit " + std::string(k_version) + "\n"; }

std::string program_help() {
  return R"(Usage: kaudit VERB [OPTION]...      (kaudit-VERB is the same as kaudit VERB)

Turns Kubernetes audit logging on and off on a control-plane node, safely.

Verbs:
  enable      patch the static pod manifest of kube-apiserver: audit flags,
              hostPath volumes and mounts, in one atomic write with a backup
  rollback    put a stored manifest back, with the files that belong to it
  status      show what audits, how far back the log reaches, and what is wrong
  verify      prove that the API server records: one harmless request, its event
  disable     take out what auditing put into that manifest
  lint        would kube-apiserver load this audit policy, and does it do what
              it says
  explain     which rule of a policy decides a request, and what is recorded

  -h, --help     this help; kaudit VERB --help for a verb's options
      --version  print the version

Exit status: 0 done or nothing to do, 1 something to do or a problem was found,
2 usage, 3 refused, nothing written, 4 the host refused, 5 the API server did
not come back and the old files did, 6 a person is needed, 70 a defect of
kaudit, 130 interrupted (the guardian goes on).
)";
}

std::string enable_help() {
  return R"(Usage: kaudit enable [OPTION]...              (the same as: kaudit-enable)
Example: kaudit-enable --policy prod-audit.yaml --log /var/log/prod-secrets.log

Options given are enforced; what is not given stays as it is.
  --policy FILE            audit policy; installed as /etc/kubernetes/<name>
                           unless it lies under /etc/kubernetes already
  --policy-dest PATH       install the policy there instead
  --log PATH               audit log; - is the container's stdout
  --webhook-config FILE    kubeconfig of a webhook backend
  --max-age DAYS           keep rotated logs so long        [30 if absent]
  --max-backup N           keep so many rotated logs        [10 if absent]
  --max-size MB            rotate at this size, MB = 2^20   [100 if absent]
  --flag NAME=VALUE        set another --audit-* flag; NAME- takes it out
  --log-volume HOW         mount the log: auto, file, directory       [auto]
  --rotate WHO             who rotates a log that is mounted as a file: server,
                           logrotate           [logrotate if the node has it]
  --manifest PATH          [/etc/kubernetes/manifests/kube-apiserver.yaml]
  --root DIR               work under DIR as if it were /
  --kubernetes-version V   whose rules apply        [the image's tag]
  --state-dir DIR          lock, runs and backups   [/var/lib/kaudit]
  --keep-backups N         runs to keep             [10]

  --wait, --no-wait        wait until the new API server is healthy   [--wait];
                           a guardian puts the old files back if it is not
  --timeout SECONDS        how long it may take     [300]
  --no-watch               nobody watches
  --hasten                 end the old API server, by one SIGTERM, once it has
                           closed its port and only waits for its watches
  --verify                 prove the audit trail as part of the watch: put the
                           old files back if a request leaves no event
  --kubeconfig FILE        whose user makes that request
                           [/etc/kubernetes/admin.conf, super-admin.conf]

  --dry-run                print plan and diff, write nothing
  --check                  the same; exit status 1 if something would change
  --strict                 refuse what would silently record more or less
  --ignore CODE,...        go on in spite of these refusals
  --output FORMAT          text or json             [text]
  --color WHEN             auto, always, never      [auto]
  -q, --quiet              neither plan nor diff
  -v, --verbose            more detail
  -h, --help               this help
      --version            print the version

Exit status: 0 done or nothing to do, 1 --check found something to do, 2 usage,
3 refused, nothing written, 4 the host refused, 5 the API server did not come
back, the old files did, 6 a person is needed, 70 a defect, 130 interrupted.
)";
}

std::string rollback_help() {
  return R"(Usage: kaudit rollback [RUN] [OPTION]...   (the same as: kaudit-rollback)
       kaudit rollback --list [OPTION]...

Puts the files back that were there before a run: the newest one that changed
something, or RUN. The same watch as that of enable: if the API server does not
come back with them, what is there now returns.
  --list                   the stored runs: when, what, how they ended
  --manifest PATH          only runs on this one    [all]
  --root DIR               work under DIR as if it were /
  --kubernetes-version V   whose rules apply        [the image's tag]
)" + std::string(k_run_options);
}

std::string status_help() {
  return R"(Usage: kaudit status [OPTION]...               (the same as: kaudit-status)
       kaudit status --follow [OPTION]...

Shows what the manifest says about auditing, what the running server has, how
far back the log reaches, and what is wrong or soon will be. Writes nothing.
  --follow                 the newest run as it goes, until it is over; leaving
                           it changes nothing about the run
  --kubeconfig FILE        as whom the server's metrics are read
                                [/etc/kubernetes/admin.conf, super-admin.conf]
  --manifest PATH          [/etc/kubernetes/manifests/kube-apiserver.yaml]
  --root DIR               look under DIR as if it were /: at files only
  --kubernetes-version V   whose defaults apply     [the image's tag]
  --state-dir DIR          where the runs are       [/var/lib/kaudit]
  --output FORMAT          text or json             [text]
  --color WHEN             auto, always, never      [auto]
  -q, --quiet              only what is wrong
  -v, --verbose            every audit flag and annotation, too
  -h, --help               this help
      --version            print the version

Exit status: 0 it audits, and nothing is wrong, 1 a warning or an error was
found (auditing that is off is one), 2 usage, 3 the manifest is unacceptable, 4
it cannot be read. With --follow: 0 the run ended well, 1 it did not, 2 usage, 4
there is none, or it cannot be read, 130 interrupted.
)";
}

std::string verify_help() {
  return R"(Usage: kaudit verify [OPTION]...             (the same as: kaudit-verify)

Proves the audit trail of this node's API server: makes one harmless request
that the policy records, straight to this server, and waits for exactly its
event in the log, and for a delivery to the webhook receiver. Writes nothing.
  --kubeconfig FILE        whose user makes the request
                           [/etc/kubernetes/admin.conf, super-admin.conf]
  --timeout SECONDS        how long the event may take   [10, and what a
                           batching backend may hold it back]
  --manifest PATH          [/etc/kubernetes/manifests/kube-apiserver.yaml]
  --root DIR               the node's / as seen from here
  --kubernetes-version V   whose rules apply        [the image's tag]
  --ignore CODE,...        go on in spite of these refusals
  --output FORMAT          text or json             [text]
  --color WHEN             auto, always, never      [auto]
  -q, --quiet              nothing but errors and the exit status
  -v, --verbose            more detail
  -h, --help               this help
      --version            print the version

Exit status: 0 proven, 1 the event is missing or nothing harmless is recorded,
2 usage, 3 the manifest is refused, 4 unproven: the request could not be made,
or its event cannot be seen from the node.
)";
}

std::string disable_help() {
  return R"(Usage: kaudit disable [OPTION]...            (the same as: kaudit-disable)

Takes all --audit-* flags out of kube-apiserver's manifest, and the annotations,
volumes and mounts that serve nothing else; where nobody else has edited the
manifest since kaudit enabled auditing, the bytes of before come back.
  --purge                  remove policy, webhook config and log, too
  --manifest PATH          [/etc/kubernetes/manifests/kube-apiserver.yaml]
  --root DIR               work under DIR as if it were /
  --kubernetes-version V   the version to name      [the image's tag]
)" + std::string(k_run_options);
}

std::string lint_help() {
  return R"(Usage: kaudit lint POLICY... [OPTION]...
Example: kaudit lint prod-audit.yaml --kubernetes-version 1.30

Says whether kube-apiserver would load the policy, in its own words, and what it
does not say: keys that it drops, rules that can never match, secrets recorded.
Works without a cluster; writes nothing.
  --kubernetes-version V   whose rules apply        [the newest known]
  --severity LEVEL         findings from this on make exit status 1:
                           error, warning, info     [warning]
  --output FORMAT          text or json             [text]
  --color WHEN             auto, always, never      [auto]
  -q, --quiet              only refusals and findings that fail
  -v, --verbose            for each rule a request that it decides
  -h, --help               this help
      --version            print the version

Exit status: 0 no problem, 1 a policy that would be refused or a finding of that
severity, 2 usage, 3 no file to read, 4 a file cannot be read, 70 a defect.
)";
}

std::string explain_help() {
  return R"(Usage: kaudit explain POLICY VERB RESOURCE[.GROUP][/NAME] [OPTION]...
       kaudit explain POLICY VERB /PATH [OPTION]...
       kaudit explain POLICY --requests FILE [OPTION]...
Example: kaudit explain prod-audit.yaml delete secrets -n prod --as jane

Says which rule decides a request, what is recorded of it, and why the rules
before it do not match. The grammar is that of kubectl auth can-i.
  --subresource NAME       such as exec of pods, token of serviceaccounts
  -n, --namespace NAME     the request's namespace  [none: cluster-wide]
  --as USER                who asks        [somebody whom no rule names]
  --as-group GROUP         a group of theirs; may be repeated
  --requests FILE          decide a file of requests or audit events, one JSON
                           object a line; - is standard input
  --kubernetes-version V   whose rules apply        [the newest known]
  --output FORMAT          text or json             [text]
  --color WHEN             auto, always, never      [auto]
  -h, --help               this help
      --version            print the version

Exit status: 0 decided, whatever the level, 2 usage, 3 the policy or a request
is refused, 4 a file cannot be read, 70 a defect of kaudit.
)";
}

}  // namespace kaudit::cli
