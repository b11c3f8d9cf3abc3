# fish completion for kaudit-lint, which is `kaudit lint` (kaudit.fish)

complete -c kaudit-lint -w 'kaudit lint'
