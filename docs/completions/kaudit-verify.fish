# fish completion for kaudit-verify, which is `kaudit verify` (kaudit.fish)

complete -c kaudit-verify -w 'kaudit verify'
