# bash completion for kaudit, kaudit-enable, kaudit-lint, kaudit-explain           -*- shell-script -*-

_kaudit_files() {
    compopt -o filenames
    local IFS=$'\n'
    COMPREPLY=($(compgen "$1" -- "$2"))
}

_kaudit_value() { # PREVIOUS CURRENT: fails where PREVIOUS takes no value
    case "$1" in
        --policy | --policy-dest | --log | --webhook-config | --manifest | --requests) _kaudit_files -f "$2" ;;
        --root | --state-dir) _kaudit_files -d "$2" ;;
        --log-volume) COMPREPLY=($(compgen -W "auto file directory" -- "$2")) ;;
        --output) COMPREPLY=($(compgen -W "text json" -- "$2")) ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$2")) ;;
        --severity) COMPREPLY=($(compgen -W "error warning info" -- "$2")) ;;
        --max-age | --max-backup | --max-size | --keep-backups | --kubernetes-version | --flag | --ignore) ;;
        --subresource | -n | --namespace | --as | --as-group) ;;
        *) return 1 ;;
    esac
}

_kaudit_enable_word() {
    local options="--policy --policy-dest --log --webhook-config --max-age --max-backup --max-size --flag --log-volume
        --manifest --root --kubernetes-version --state-dir --keep-backups --dry-run --check --strict --ignore
        --output --color -q --quiet -v --verbose -h --help --version"
    COMPREPLY=($(compgen -W "$options" -- "$1"))
}

_kaudit_lint_word() {
    local options="--kubernetes-version --severity --output --color -q --quiet -v --verbose -h --help --version"
    if [[ $1 == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$1"))
    else
        _kaudit_files -f "$1"
    fi
}

_kaudit_explain_word() { # CURRENT FIRST: FIRST is the index of the first word behind the verb
    local options="--subresource -n --namespace --as --as-group --requests --kubernetes-version --output --color
        -h --help --version"
    if [[ $1 == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$1"))
    elif ((COMP_CWORD == $2)); then
        _kaudit_files -f "$1"
    elif ((COMP_CWORD == $2 + 1)); then
        COMPREPLY=($(compgen -W "get list watch create update patch delete deletecollection" -- "$1"))
    fi
}

_kaudit() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}"
    local program="${COMP_WORDS[0]##*/}" first=1 verb
    COMPREPLY=()
    # The default word breaks part --option=value in three.
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD - 2]}"
    fi
    verb="${program#kaudit-}"
    if [[ $program == kaudit ]]; then
        if ((COMP_CWORD == 1)); then
            COMPREPLY=($(compgen -W "enable lint explain -h --help --version" -- "$current"))
            return
        fi
        verb="${COMP_WORDS[1]}"
        first=2
    fi
    case "$verb" in
        enable | lint | explain) _kaudit_value "$previous" "$current" || "_kaudit_${verb}_word" "$current" "$first" ;;
    esac
}

complete -F _kaudit kaudit kaudit-enable kaudit-lint kaudit-explain
