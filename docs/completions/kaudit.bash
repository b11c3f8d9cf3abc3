# bash completion for kaudit and kaudit-enable                 -*- shell-script -*-

_kaudit_enable_word() {
    local current="$1" previous="$2"
    case "$previous" in
        --policy | --policy-dest | --log | --webhook-config | --manifest)
            compopt -o filenames
            local IFS=$'\n'
            COMPREPLY=($(compgen -f -- "$current"))
            return ;;
        --root | --state-dir)
            compopt -o filenames
            local IFS=$'\n'
            COMPREPLY=($(compgen -d -- "$current"))
            return ;;
        --log-volume) COMPREPLY=($(compgen -W "auto file directory" -- "$current")); return ;;
        --output) COMPREPLY=($(compgen -W "text json" -- "$current")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$current")); return ;;
        --max-age | --max-backup | --max-size | --keep-backups | --kubernetes-version | --flag | --ignore) return ;;
    esac
    local options="--policy --policy-dest --log --webhook-config --max-age --max-backup --max-size --flag --log-volume
        --manifest --root --kubernetes-version --state-dir --keep-backups --dry-run --check --strict --ignore
        --output --color -q --quiet -v --verbose -h --help --version"
    COMPREPLY=($(compgen -W "$options" -- "$current"))
}

_kaudit() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}"
    COMPREPLY=()
    # The default word breaks part --option=value in three.
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD - 2]}"
    fi
    if [[ ${COMP_WORDS[0]##*/} == kaudit && $COMP_CWORD -eq 1 ]]; then
        COMPREPLY=($(compgen -W "enable -h --help --version" -- "$current"))
    else
        _kaudit_enable_word "$current" "$previous"
    fi
}

complete -F _kaudit kaudit kaudit-enable
