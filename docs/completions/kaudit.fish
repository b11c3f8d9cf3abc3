# fish completion for kaudit; kaudit-enable.fish and its like wrap it for the names with a verb in them

function __kaudit_needs_verb
    test (count (commandline -opc)) -eq 1
end

function __kaudit_verb
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = $argv[1]
end

function __kaudit_codes # behind those that are there already
    set -l before (string match -r '.*,' -- (commandline -ct | string replace -r '^--ignore=' ''))
    test -n "$before"; or set before ''
    printf '%s\n' $before{api-reference,api-server-down,api-server-unhealthy,auditd-label,differs-outside-auditing} \
        $before{disk-space,fixed-uid,foreign-owner,kubelet-down,kubelet-elsewhere,logrotate-rule,managed-elsewhere} \
        $before{no-other-api-server,policy-unreadable,selinux-label,unreadable-by-server,unwritable-by-server} \
        $before{writable-by-others}
end

function __kaudit_runs # what is stored below the state directory, where it may be read
    set -l root ''
    set -l state /var/lib/kaudit
    set -l words (string split -m 1 = -- (commandline -opc))
    for i in (seq 2 (count $words))
        test $words[(math $i - 1)] = --root; and set root $words[$i]
        test $words[(math $i - 1)] = --state-dir; and set state $words[$i]
    end
    for run in $root$state/runs/*/
        string match -r '[^/]+(?=/$)' -- $run
    end
end

complete -c kaudit -f
complete -c kaudit -n __kaudit_needs_verb -a enable -d 'turn on audit logging'
complete -c kaudit -n __kaudit_needs_verb -a rollback -d 'put back what was there before a run'
complete -c kaudit -n __kaudit_needs_verb -a status -d 'show what audits and what is wrong'
complete -c kaudit -n __kaudit_needs_verb -a verify -d 'prove that requests are recorded'
complete -c kaudit -n __kaudit_needs_verb -a disable -d 'take auditing out again'
complete -c kaudit -n __kaudit_needs_verb -a lint -d 'check audit policies'
complete -c kaudit -n __kaudit_needs_verb -a explain -d 'which rule decides a request'
complete -c kaudit -n __kaudit_needs_verb -s h -l help -d 'print the verbs'
complete -c kaudit -n __kaudit_needs_verb -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb enable' -l policy -r -F -d 'the audit policy'
complete -c kaudit -n '__kaudit_verb enable' -l policy-dest -r -F -d 'install the policy there'
complete -c kaudit -n '__kaudit_verb enable' -l log -r -F -d 'audit log; - is standard output'
complete -c kaudit -n '__kaudit_verb enable' -l webhook-config -r -F -d 'kubeconfig of a webhook backend'
complete -c kaudit -n '__kaudit_verb enable' -l max-age -x -d 'keep rotated logs for that many days'
complete -c kaudit -n '__kaudit_verb enable' -l max-backup -x -d 'keep at most that many rotated logs'
complete -c kaudit -n '__kaudit_verb enable' -l max-size -x -d 'rotate the log at that many megabytes'
complete -c kaudit -n '__kaudit_verb enable' -l flag -x -d 'set (NAME=VALUE) or take out (NAME-) another --audit-* flag'
complete -c kaudit -n '__kaudit_verb enable' -l log-volume -x -a 'auto file directory' -d 'how the log is mounted'
complete -c kaudit -n '__kaudit_verb enable' -l rotate -x -a 'server logrotate' -d 'who rotates a log mounted as a file'
complete -c kaudit -n '__kaudit_verb enable' -l manifest -r -F -d 'the manifest of kube-apiserver'
complete -c kaudit -n '__kaudit_verb enable' -l root -x -a '(__fish_complete_directories)' -d 'work under that directory as if it were /'
complete -c kaudit -n '__kaudit_verb enable' -l kubernetes-version -x -d 'version of the server'
complete -c kaudit -n '__kaudit_verb enable' -l state-dir -x -a '(__fish_complete_directories)' -d 'where the lock and the runs are kept'
complete -c kaudit -n '__kaudit_verb enable' -l keep-backups -x -d 'how many runs are kept'
complete -c kaudit -n '__kaudit_verb enable' -l wait -d 'wait until the API server is healthy'
complete -c kaudit -n '__kaudit_verb enable' -l no-wait -d 'return once the manifest is replaced'
complete -c kaudit -n '__kaudit_verb enable' -l timeout -x -d 'how long the API server may take, in seconds'
complete -c kaudit -n '__kaudit_verb enable' -l no-watch -d 'nobody watches'
complete -c kaudit -n '__kaudit_verb enable' -l hasten -d 'end the old API server once it only lingers'
complete -c kaudit -n '__kaudit_verb enable' -l verify -d 'prove the audit trail as part of the watch'
complete -c kaudit -n '__kaudit_verb enable' -l kubeconfig -r -F -d 'whose user makes the request that proves it'
complete -c kaudit -n '__kaudit_verb enable' -l dry-run -d 'print plan and diff, write nothing'
complete -c kaudit -n '__kaudit_verb enable' -l check -d 'the same; exit with 1 when something would change'
complete -c kaudit -n '__kaudit_verb enable' -l strict -d 'refuse what would be warned about'
complete -c kaudit -n '__kaudit_verb enable' -l ignore -x -a '(__kaudit_codes)' -d 'turn these refusals into warnings'
complete -c kaudit -n '__kaudit_verb enable' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb enable' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb enable' -s q -l quiet -d 'neither plan nor diff'
complete -c kaudit -n '__kaudit_verb enable' -s v -l verbose -d 'say what is being done'
complete -c kaudit -n '__kaudit_verb enable' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb enable' -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb disable' -l purge -d 'remove policy, webhook config and log, too'
complete -c kaudit -n '__kaudit_verb disable' -l kubernetes-version -x -d 'version to name'
complete -c kaudit -n '__kaudit_verb disable' -l manifest -r -F -d 'the manifest of kube-apiserver'
complete -c kaudit -n '__kaudit_verb disable' -l root -x -a '(__fish_complete_directories)' -d 'work under that directory as if it were /'
complete -c kaudit -n '__kaudit_verb disable' -l state-dir -x -a '(__fish_complete_directories)' -d 'where the lock and the runs are kept'
complete -c kaudit -n '__kaudit_verb disable' -l keep-backups -x -d 'how many runs are kept'
complete -c kaudit -n '__kaudit_verb disable' -l wait -d 'wait until the API server is healthy'
complete -c kaudit -n '__kaudit_verb disable' -l no-wait -d 'return once the manifest is replaced'
complete -c kaudit -n '__kaudit_verb disable' -l timeout -x -d 'how long the API server may take, in seconds'
complete -c kaudit -n '__kaudit_verb disable' -l no-watch -d 'nobody watches'
complete -c kaudit -n '__kaudit_verb disable' -l hasten -d 'end the old API server once it only lingers'
complete -c kaudit -n '__kaudit_verb disable' -l dry-run -d 'print plan and diff, write nothing'
complete -c kaudit -n '__kaudit_verb disable' -l check -d 'the same; exit with 1 when something would change'
complete -c kaudit -n '__kaudit_verb disable' -l ignore -x -a '(__kaudit_codes)' -d 'turn these refusals into warnings'
complete -c kaudit -n '__kaudit_verb disable' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb disable' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb disable' -s q -l quiet -d 'neither plan nor diff'
complete -c kaudit -n '__kaudit_verb disable' -s v -l verbose -d 'say what is being done'
complete -c kaudit -n '__kaudit_verb disable' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb disable' -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb rollback' -x -a '(__kaudit_runs)'
complete -c kaudit -n '__kaudit_verb rollback' -l list -d 'list the stored runs'
complete -c kaudit -n '__kaudit_verb rollback' -l kubernetes-version -x -d 'version whose rules apply'
complete -c kaudit -n '__kaudit_verb rollback' -l manifest -r -F -d 'only runs on this manifest'
complete -c kaudit -n '__kaudit_verb rollback' -l root -x -a '(__fish_complete_directories)' -d 'work under that directory as if it were /'
complete -c kaudit -n '__kaudit_verb rollback' -l state-dir -x -a '(__fish_complete_directories)' -d 'where the lock and the runs are kept'
complete -c kaudit -n '__kaudit_verb rollback' -l keep-backups -x -d 'how many runs are kept'
complete -c kaudit -n '__kaudit_verb rollback' -l wait -d 'wait until the API server is healthy'
complete -c kaudit -n '__kaudit_verb rollback' -l no-wait -d 'return once the manifest is replaced'
complete -c kaudit -n '__kaudit_verb rollback' -l timeout -x -d 'how long the API server may take, in seconds'
complete -c kaudit -n '__kaudit_verb rollback' -l no-watch -d 'nobody watches'
complete -c kaudit -n '__kaudit_verb rollback' -l hasten -d 'end the old API server once it only lingers'
complete -c kaudit -n '__kaudit_verb rollback' -l dry-run -d 'print plan and diff, write nothing'
complete -c kaudit -n '__kaudit_verb rollback' -l check -d 'the same; exit with 1 when something would change'
complete -c kaudit -n '__kaudit_verb rollback' -l ignore -x -a '(__kaudit_codes)' -d 'turn these refusals into warnings'
complete -c kaudit -n '__kaudit_verb rollback' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb rollback' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb rollback' -s q -l quiet -d 'neither plan nor diff'
complete -c kaudit -n '__kaudit_verb rollback' -s v -l verbose -d 'say what is being done'
complete -c kaudit -n '__kaudit_verb rollback' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb rollback' -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb status' -l follow -d 'the newest run, until it is over'
complete -c kaudit -n '__kaudit_verb status' -l kubeconfig -r -F -d 'as whom the metrics are read'
complete -c kaudit -n '__kaudit_verb status' -l manifest -r -F -d 'manifest of kube-apiserver'
complete -c kaudit -n '__kaudit_verb status' -l kubernetes-version -x -d 'version whose defaults apply'
complete -c kaudit -n '__kaudit_verb status' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb status' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb status' -s q -l quiet -d 'only what is wrong'
complete -c kaudit -n '__kaudit_verb status' -s v -l verbose -d 'every flag and annotation, too'
complete -c kaudit -n '__kaudit_verb status' -l root -x -a '(__fish_complete_directories)' -d 'look under that directory as if it were /'
complete -c kaudit -n '__kaudit_verb status' -l state-dir -x -a '(__fish_complete_directories)' -d 'where the runs are'
complete -c kaudit -n '__kaudit_verb status' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb status' -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb verify' -l kubeconfig -r -F -d 'whose user makes the request'
complete -c kaudit -n '__kaudit_verb verify' -l timeout -x -d 'how long the event may take, in seconds'
complete -c kaudit -n '__kaudit_verb verify' -l manifest -r -F -d 'the manifest of kube-apiserver'
complete -c kaudit -n '__kaudit_verb verify' -l root -x -a '(__fish_complete_directories)' -d 'look under that directory as if it were /'
complete -c kaudit -n '__kaudit_verb verify' -l kubernetes-version -x -d 'version whose rules apply'
complete -c kaudit -n '__kaudit_verb verify' -l ignore -x -a '(__kaudit_codes)' -d 'turn these refusals into warnings'
complete -c kaudit -n '__kaudit_verb verify' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb verify' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb verify' -s q -l quiet -d 'nothing but errors'
complete -c kaudit -n '__kaudit_verb verify' -s v -l verbose -d 'say what is being done'
complete -c kaudit -n '__kaudit_verb verify' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb verify' -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb lint' -F
complete -c kaudit -n '__kaudit_verb lint' -l kubernetes-version -x -d 'version whose rules apply'
complete -c kaudit -n '__kaudit_verb lint' -l severity -x -a 'error warning info' -d 'findings from this on make exit status 1'
complete -c kaudit -n '__kaudit_verb lint' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb lint' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb lint' -s q -l quiet -d 'only what fails'
complete -c kaudit -n '__kaudit_verb lint' -s v -l verbose -d 'for each rule a request that it decides'
complete -c kaudit -n '__kaudit_verb lint' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb lint' -l version -d 'print the version'

complete -c kaudit -n '__kaudit_verb explain' -F
complete -c kaudit -n '__kaudit_verb explain' -l subresource -x -d 'such as exec of pods'
complete -c kaudit -n '__kaudit_verb explain' -s n -l namespace -x -d 'namespace of the request'
complete -c kaudit -n '__kaudit_verb explain' -l as -x -d 'who asks'
complete -c kaudit -n '__kaudit_verb explain' -l as-group -x -d 'a group of theirs'
complete -c kaudit -n '__kaudit_verb explain' -l requests -r -F -d 'decide a file of requests or audit events'
complete -c kaudit -n '__kaudit_verb explain' -l kubernetes-version -x -d 'version whose rules apply'
complete -c kaudit -n '__kaudit_verb explain' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n '__kaudit_verb explain' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n '__kaudit_verb explain' -s h -l help -d 'print the options'
complete -c kaudit -n '__kaudit_verb explain' -l version -d 'print the version'
