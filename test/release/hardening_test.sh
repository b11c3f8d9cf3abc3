#!/bin/sh
# The program is a position-independent executable whose relocations are read-only after the start and whose stack is
# not executable.
# usage: hardening_test.sh PROGRAM
set -eu
headers="$(LC_ALL=C readelf -hlW "$1")"
dynamic="$(LC_ALL=C readelf -dW "$1")"
status=0

check() { # WHAT TEXT PATTERN
  if printf '%s\n' "$2" | grep -Eq "$3"; then
    echo "ok: $1"
  else
    echo "failed: $1: no line matches $3"
    status=1
  fi
}

check "position-independent" "$headers" '^ *Type: +DYN '
check "marked as an executable" "$dynamic" 'FLAGS_1.*PIE'
check "relocations read-only" "$headers" '^ *GNU_RELRO '
check "bound at the start" "$dynamic" 'BIND_NOW|FLAGS_1.*NOW'
check "stack not executable" "$headers" '^ *GNU_STACK .* RW +0x'
exit "$status"
