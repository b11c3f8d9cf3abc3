# fish completion for kaudit and kaudit-enable

function __kaudit_needs_verb
    test (count (commandline -opc)) -eq 1
end

complete -c kaudit -f
complete -c kaudit -n __kaudit_needs_verb -a enable -d 'turn on audit logging'
complete -c kaudit -n __kaudit_needs_verb -s h -l help -d 'print the verbs'
complete -c kaudit -n __kaudit_needs_verb -l version -d 'print the version'

complete -c kaudit -n 'not __kaudit_needs_verb' -l policy -r -F -d 'the audit policy'
complete -c kaudit -n 'not __kaudit_needs_verb' -l policy-dest -r -F -d 'install the policy there'
complete -c kaudit -n 'not __kaudit_needs_verb' -l log -r -F -d 'audit log; - is standard output'
complete -c kaudit -n 'not __kaudit_needs_verb' -l webhook-config -r -F -d 'kubeconfig of a webhook backend'
complete -c kaudit -n 'not __kaudit_needs_verb' -l max-age -x -d 'keep rotated logs for that many days'
complete -c kaudit -n 'not __kaudit_needs_verb' -l max-backup -x -d 'keep at most that many rotated logs'
complete -c kaudit -n 'not __kaudit_needs_verb' -l max-size -x -d 'rotate the log at that many megabytes'
complete -c kaudit -n 'not __kaudit_needs_verb' -l flag -x -d 'set (NAME=VALUE) or take out (NAME-) another --audit-* flag'
complete -c kaudit -n 'not __kaudit_needs_verb' -l log-volume -x -a 'auto file directory' -d 'how the log is mounted'
complete -c kaudit -n 'not __kaudit_needs_verb' -l manifest -r -F -d 'the manifest of kube-apiserver'
complete -c kaudit -n 'not __kaudit_needs_verb' -l root -x -a '(__fish_complete_directories)' -d 'work under that directory as if it were /'
complete -c kaudit -n 'not __kaudit_needs_verb' -l kubernetes-version -x -d 'version of the server'
complete -c kaudit -n 'not __kaudit_needs_verb' -l state-dir -x -a '(__fish_complete_directories)' -d 'where the lock and the runs are kept'
complete -c kaudit -n 'not __kaudit_needs_verb' -l keep-backups -x -d 'how many runs are kept'
complete -c kaudit -n 'not __kaudit_needs_verb' -l dry-run -d 'print plan and diff, write nothing'
complete -c kaudit -n 'not __kaudit_needs_verb' -l check -d 'the same; exit with 1 when something would change'
complete -c kaudit -n 'not __kaudit_needs_verb' -l strict -d 'refuse what would be warned about'
complete -c kaudit -n 'not __kaudit_needs_verb' -l ignore -x -d 'turn these refusals into warnings'
complete -c kaudit -n 'not __kaudit_needs_verb' -l output -x -a 'text json' -d 'form of the output'
complete -c kaudit -n 'not __kaudit_needs_verb' -l color -x -a 'auto always never' -d 'colour the output'
complete -c kaudit -n 'not __kaudit_needs_verb' -s q -l quiet -d 'neither plan nor diff'
complete -c kaudit -n 'not __kaudit_needs_verb' -s v -l verbose -d 'say what is being done'
complete -c kaudit -n 'not __kaudit_needs_verb' -s h -l help -d 'print the options'
complete -c kaudit -n 'not __kaudit_needs_verb' -l version -d 'print the version'
