#!/bin/sh
# build.sh BUILD-DIR [VERSION…] : builds go/ against k8s.io/apiserver at each version (default: all of modules/) into
# BUILD-DIR/conformance-VERSION. The modules come from the public Go module proxy and are held to modules/VERSION/go.sum.
# Exit status 77: cannot be built here, with the reason.
#
# A new version: mkdir modules/VERSION, write its go.mod (`module kaudit/conformance`, `require k8s.io/apiserver
# vVERSION`), then KAUDIT_GO_TIDY=1 build.sh BUILD-DIR VERSION writes go.mod and go.sum.
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: build.sh BUILD-DIR [VERSION…]" >&2; exit 2; }
mkdir -p "$1" && build=$(cd "$1" && pwd) || exit 2
shift
[ $# -gt 0 ] || set -- $(ls "$here/modules" | sort -t. -k2,2nr)

if ! command -v go >/dev/null 2>&1; then
  echo "skipped: Go is not installed"
  exit 77
fi
for version in "$@"; do
  if [ ! -f "$here/modules/$version/go.mod" ]; then
    echo "no $here/modules/$version/go.mod" >&2
    exit 2
  fi
  work=$build/source-$version
  mkdir -p "$work" && rm -f "$work"/*.go || exit 1
  for source in "$here"/go/*.go; do cp -p "$source" "$work" || exit 1; done
  cp "$here/modules/$version/go.mod" "$work" || exit 1
  cp "$here/modules/$version/go.sum" "$work" 2>/dev/null || : >"$work/go.sum"
  tags=
  case $version in 0.20.*|0.21.*|0.22.*) tags=checker ;; esac
  cd "$work" || exit 1
  if [ "${KAUDIT_GO_TIDY:-}" = 1 ]; then
    go mod tidy && : >go.sum && go build -mod=mod -tags "$tags" -o /dev/null . &&
      cp go.mod go.sum "$here/modules/$version/" || exit 1
  fi
  # What this version compiles, and nothing else of its modules' requirements.
  if ! reason=$(go list -mod=readonly -deps -tags "$tags" . 2>&1 >/dev/null); then
    echo "skipped: the modules of modules/$version/go.mod cannot be had (no network, or a Go older than it asks for):" \
      "$(echo "$reason" | tail -n 1)"
    exit 77
  fi
  CGO_ENABLED=0 go build -mod=readonly -trimpath -tags "$tags" -ldflags '-s -w' -o "$build/conformance-$version" . || exit 1
done
