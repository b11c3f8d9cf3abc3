#!/bin/sh
# mandoc and the three shells accept what is written for them. A tool that is not installed is named; all of them
# missing is a skip, and none may be missing where KAUDIT_NO_SKIP is set.
set -u
cd "$1" || exit 1
status=0
ran=0

check() { # TOOL COMMAND…: passes when it succeeds and says nothing
  tool="$1"
  shift
  if ! command -v "$tool" >/dev/null; then
    echo "skipped: $tool is not installed"
    [ -z "${KAUDIT_NO_SKIP:-}" ] || status=1
    return
  fi
  ran=$((ran + 1))
  if said="$("$@" 2>&1)" && [ -z "$said" ]; then
    echo "ok: $*"
  else
    printf 'failed: %s\n%s\n' "$*" "$said"
    status=1
  fi
}

check mandoc mandoc -T lint docs/kaudit.1
check bash bash -n docs/completions/kaudit.bash
check zsh zsh -f -n docs/completions/_kaudit
check fish fish -N -n docs/completions/kaudit.fish
for verb in enable rollback status verify disable lint explain; do check fish fish -N -n "docs/completions/kaudit-$verb.fish"; done
check bash bash "test/docs/bash_completion.sh" docs/completions/kaudit.bash
[ "$ran" -gt 0 ] || exit 77
exit "$status"
