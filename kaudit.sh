#!/bin/sh
# The two commands of the README, from nothing but Debian 12 or 13 with root and its package source:
#
#   ./kaudit.sh demo    installs what the build needs, builds, patches a sample manifest under a scratch root
#   ./kaudit.sh test    installs what the tests need, builds everything, runs the tests; options are passed on to ctest
#
# What they build stays in build/, which git ignores. KAUDIT_PRESET=dev ./kaudit.sh demo takes the program that the tests
# have built instead of building an optimised one.
set -eu
cd "$(dirname "$0")"

build_packages="g++ cmake ninja-build libyaml-cpp-dev libcli11-dev libfmt-dev nlohmann-json3-dev libssl-dev"
test_packages="catch2 python3 python3-yaml python3-jsonschema git patch strace acl attr e2fsprogs util-linux mount mandoc
  logrotate"

usage() {
  echo "usage: ./kaudit.sh demo | test [OPTIONS OF CTEST]" >&2
  exit 2
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
  missing=
  for package in "$@"; do
    is_installed "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "kaudit.sh: not root, and these packages are missing; as root: apt-get install$missing" >&2
    exit 1
  fi
  echo "== installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  # A source of somebody else's that does not answer is no reason to stop: the install below says what is missing.
  apt-get update -qq || true
  # shellcheck disable=SC2086 # a list of words
  apt-get install -y -qq --no-install-recommends -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 $missing >/dev/null
}

# Shows a command as it would be typed, and runs it.
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

demo() {
  # shellcheck disable=SC2086
  install_packages $build_packages
  echo "== building"
  preset="${KAUDIT_PRESET:-release}"
  if [ "$preset" = release ]; then
    cmake --preset release -DKAUDIT_TESTS=OFF >/dev/null
  fi
  cmake --build --preset "$preset" --target kaudit -- --quiet
  PATH="$PWD/build/$preset:$PATH"

  scratch="$(mktemp -d)"
  trap 'rm -rf "$scratch"' EXIT
  cp -R testdata/demo/. "$scratch"
  cd "$scratch"
  echo "== a control-plane node's files, copied to $scratch/node; the same command twice"
  show kaudit-enable --root node --policy prod-audit.yaml --log /var/log/prod-secrets.log
  echo
  show kaudit-enable --root node --policy prod-audit.yaml --log /var/log/prod-secrets.log
  show grep -nE 'audit' node/etc/kubernetes/manifests/kube-apiserver.yaml
  show find node -type f
}

run_tests() {
  # shellcheck disable=SC2086
  install_packages $build_packages $test_packages
  echo "== building"
  cmake --preset dev >/dev/null
  cmake --build --preset dev -- --quiet
  ctest --preset dev "$@"
}

[ $# -ge 1 ] || usage
command="$1"
shift
case "$command" in
  demo)
    [ $# = 0 ] || usage
    demo
    ;;
  test) run_tests "$@" ;;
  *) usage ;;
esac
