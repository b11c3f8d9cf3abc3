# What the bash completion offers for a few command lines. Silent when all is well.
# usage: bash bash_completion.sh FILE
source "$1"
compopt() { :; } # there is no completion running here

expect() { # WANTED WORD…: the last word is the one being completed
  local wanted="$1"
  shift
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _kaudit
  [[ "${COMPREPLY[*]}" == "$wanted" ]] || { echo "$*: offered '${COMPREPLY[*]}', wanted '$wanted'"; failed=1; }
}

failed=0
expect "enable lint explain -h --help --version" kaudit ""
expect "lint" kaudit li
expect "--policy --policy-dest" kaudit enable --po
expect "--max-age --max-backup --max-size --manifest" kaudit-enable --m
expect "--dry-run" /usr/bin/kaudit-enable --d
expect "text json" kaudit-enable --output ""
expect "json" kaudit-enable --output = j
expect "auto always never" kaudit-enable --color =
expect "" kaudit-enable --max-age ""
expect "--severity" kaudit lint --s
expect "error warning info" kaudit lint p.yaml --severity ""
expect "--kubernetes-version" /usr/bin/kaudit-lint --k
expect "--subresource" kaudit explain p.yaml get pods --s
expect "delete deletecollection" kaudit explain p.yaml del
expect "delete deletecollection" kaudit-explain p.yaml del
expect "" kaudit unknown --s
exit "$failed"
