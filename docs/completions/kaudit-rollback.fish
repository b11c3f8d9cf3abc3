# fish completion for kaudit-rollback, which is `kaudit rollback` (kaudit.fish)

complete -c kaudit-rollback -w 'kaudit rollback'
