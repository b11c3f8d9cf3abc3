# fish completion for kaudit-disable, which is `kaudit disable` (kaudit.fish)

complete -c kaudit-disable -w 'kaudit disable'
