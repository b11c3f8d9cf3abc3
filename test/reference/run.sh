#!/bin/sh
# run.sh TOOL BUILD-DIR FILE-OR-DIR… : compares our decoder with Kubernetes' own code, over the files given and mutated
# copies of them. Exit status 77: skipped, with the reason. More mutations: KAUDIT_MUTATIONS, another seed: KAUDIT_SEED.
set -u
here=$(dirname "$0")
tool=$1
build=$2
shift 2

if ! command -v go >/dev/null 2>&1; then
  echo "skipped: Go is not installed"
  exit 77
fi
if ! (cd "$here" && go mod download) >/dev/null 2>&1; then
  echo "skipped: the modules of test/reference/go.mod cannot be had (no network, or a Go older than go.mod asks for)"
  exit 77
fi
(cd "$here" && go build -o "$build/reference" .) || exit 1

shared=${KAUDIT_SHARED:-$here/../../../shared}
for extra in corpus policy-cases/adversarial; do
  if [ -d "$shared/$extra" ]; then
    set -- "$@" "$shared/$extra"
  else
    echo "without $shared/$extra, which is not there (KAUDIT_SHARED names the folder)"
  fi
done
exec "$build/reference" compare -tool "$tool" -mutations "${KAUDIT_MUTATIONS:-8000}" -seed "${KAUDIT_SEED:-1}" "$@"
