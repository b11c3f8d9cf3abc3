# bash completion for kaudit and kaudit-VERB                                                 -*- shell-script -*-

_kaudit_files() {
    compopt -o filenames
    local IFS=$'\n'
    COMPREPLY=($(compgen "$1" -- "$2"))
}

_kaudit_codes() { # CURRENT: the last of codes with commas between them
    local before=""
    [[ $1 == *,* ]] && before="${1%,*},"
    COMPREPLY=($(compgen -P "$before" -W "api-reference api-server-down api-server-unhealthy auditd-label
        differs-outside-auditing disk-space fixed-uid foreign-owner kubelet-down kubelet-elsewhere logrotate-rule managed-elsewhere
        no-other-api-server policy-unreadable selinux-label unreadable-by-server unwritable-by-server
        writable-by-others" -- "${1##*,}"))
}

_kaudit_runs() { # CURRENT: what is stored below the state directory, where it may be read
    local root="" state=/var/lib/kaudit word previous="" run
    for word in "${COMP_WORDS[@]}"; do
        [[ $word == "=" ]] && continue
        case "$previous" in
            --root) root="$word" ;;
            --state-dir) state="$word" ;;
        esac
        previous="$word"
    done
    for run in "$root$state"/runs/"$1"*/; do
        [[ -d $run ]] || continue
        run="${run%/}"
        COMPREPLY+=("${run##*/}")
    done
}

_kaudit_value() { # PREVIOUS CURRENT: fails where PREVIOUS takes no value
    case "$1" in
        --policy | --policy-dest | --log | --webhook-config | --kubeconfig | --manifest | --requests) _kaudit_files -f "$2" ;;
        --root | --state-dir) _kaudit_files -d "$2" ;;
        --log-volume) COMPREPLY=($(compgen -W "auto file directory" -- "$2")) ;;
        --rotate) COMPREPLY=($(compgen -W "server logrotate" -- "$2")) ;;
        --output) COMPREPLY=($(compgen -W "text json" -- "$2")) ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$2")) ;;
        --severity) COMPREPLY=($(compgen -W "error warning info" -- "$2")) ;;
        --ignore) _kaudit_codes "$2" ;;
        --max-age | --max-backup | --max-size | --keep-backups | --kubernetes-version | --flag | --timeout) ;;
        --subresource | -n | --namespace | --as | --as-group) ;;
        *) return 1 ;;
    esac
}

_kaudit_enable_word() {
    local options="--policy --policy-dest --log --webhook-config --max-age --max-backup --max-size --flag --log-volume
        --rotate --manifest --root --kubernetes-version --state-dir --keep-backups --wait --no-wait --timeout
        --no-watch --hasten --verify --kubeconfig --dry-run --check --strict --ignore --output --color -q --quiet -v
        --verbose -h --help --version"
    COMPREPLY=($(compgen -W "$options" -- "$1"))
}

_kaudit_disable_word() {
    local options="--purge --manifest --root --kubernetes-version --state-dir --keep-backups --wait --no-wait --timeout
        --no-watch --hasten --dry-run --check --ignore --output --color -q --quiet -v --verbose -h --help --version"
    COMPREPLY=($(compgen -W "$options" -- "$1"))
}

_kaudit_rollback_word() {
    local options="--list --manifest --root --kubernetes-version --state-dir --keep-backups --wait --no-wait --timeout
        --no-watch --hasten --dry-run --check --ignore --output --color -q --quiet -v --verbose -h --help --version"
    if [[ $1 == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$1"))
    else
        _kaudit_runs "$1"
    fi
}

_kaudit_status_word() {
    local options="--follow --kubeconfig --manifest --root --kubernetes-version --state-dir --output --color
        -q --quiet -v --verbose -h --help --version"
    COMPREPLY=($(compgen -W "$options" -- "$1"))
}

_kaudit_verify_word() {
    local options="--kubeconfig --timeout --manifest --root --kubernetes-version --ignore --output --color -q --quiet -v
        --verbose -h --help --version"
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
            COMPREPLY=($(compgen -W "enable rollback status verify disable lint explain -h --help --version" -- "$current"))
            return
        fi
        verb="${COMP_WORDS[1]}"
        first=2
    fi
    case "$verb" in
        enable | rollback | status | verify | disable | lint | explain)
            _kaudit_value "$previous" "$current" || "_kaudit_${verb}_word" "$current" "$first"
            ;;
    esac
}

complete -F _kaudit kaudit kaudit-enable kaudit-rollback kaudit-status kaudit-verify kaudit-disable kaudit-lint kaudit-explain
