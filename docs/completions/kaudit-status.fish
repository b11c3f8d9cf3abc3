# fish completion for kaudit-status, which is `kaudit status` (kaudit.fish)

complete -c kaudit-status -w 'kaudit status'
