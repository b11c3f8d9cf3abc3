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
expect "enable rollback status verify disable lint explain -h --help --version" kaudit ""
expect "lint" kaudit li
expect "--policy --policy-dest" kaudit enable --po
expect "--max-age --max-backup --max-size --manifest" kaudit-enable --m
expect "--dry-run" /usr/bin/kaudit-enable --d
expect "--purge" kaudit-disable --p
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
expect "--wait" kaudit enable --wa
expect "kubelet-down kubelet-elsewhere" kaudit enable --ignore kube
expect "kubelet-down,disk-space" kaudit rollback --ignore kubelet-down,disk
expect "--follow" kaudit-status --fo
node="$(mktemp -d)"
mkdir -p "$node/var/lib/kaudit/runs/20260131T081530.123Z-5f3c9a" "$node/here/runs/20250131T081530.123Z-5f3c9a"
expect "20260131T081530.123Z-5f3c9a" kaudit rollback --root "$node" 2026
expect "20250131T081530.123Z-5f3c9a" kaudit-rollback --root = "$node" --state-dir = /here ""
expect "" kaudit rollback --root "$node" --state-dir /none ""
rm -r "$node"
exit "$failed"
