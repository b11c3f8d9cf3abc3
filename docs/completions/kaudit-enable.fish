# fish completion for kaudit-enable, which is `kaudit enable` (kaudit.fish)

complete -c kaudit-enable -w 'kaudit enable'
