# fish completion for kaudit-explain, which is `kaudit explain` (kaudit.fish)

complete -c kaudit-explain -w 'kaudit explain'
