#!/bin/sh
# `cmake --install` places everything where the system looks for it, and the installed program runs.
# usage: install_test.sh CMAKE BUILD VERSION
set -eu
cmake="$1" build="$2" version="$3"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "failed: $*"
  find "$folder" | sort
  exit 1
}

DESTDIR="$folder" "$cmake" --install "$build" --prefix /usr >"$folder/log" 2>&1 || fail "$(cat "$folder/log")"
usr="$folder/usr"

for file in bin/kaudit share/man/man1/kaudit.1 share/bash-completion/completions/kaudit \
  share/zsh/site-functions/_kaudit share/fish/vendor_completions.d/kaudit.fish \
  share/fish/vendor_completions.d/kaudit-enable.fish share/fish/vendor_completions.d/kaudit-rollback.fish \
  share/fish/vendor_completions.d/kaudit-verify.fish share/doc/kaudit/LICENSE share/doc/kaudit/LICENSE.yaml share/doc/kaudit/runs.schema.json \
  share/doc/kaudit/verify.schema.json; do
  [ -f "$usr/$file" ] && [ ! -L "$usr/$file" ] || fail "$file is missing"
done
for page in $(grep -o 'docs/[a-z-]*\.md' "$usr/share/man/man1/kaudit.1" | sort -u); do
  [ -f "$usr/share/doc/kaudit/${page#docs/}" ] || fail "the manual names $page, which is not installed"
done
while read -r link target; do
  [ "$(readlink "$usr/$link")" = "$target" ] || fail "$link is not a link to $target"
  [ -f "$usr/$link" ] || fail "$link leads nowhere"
done <<END
bin/kaudit-enable kaudit
share/man/man1/kaudit-enable.1 kaudit.1
share/bash-completion/completions/kaudit-enable kaudit
END

[ "$("$usr/bin/kaudit" --version)" = "kaudit $version" ] || fail "kaudit --version: $("$usr/bin/kaudit" --version)"
"$usr/bin/kaudit-enable" --help | grep -q -e --policy-dest || fail "kaudit-enable --help does not list its options"
if strings -a "$usr/bin/kaudit" 2>/dev/null | grep -F "$build"; then
  fail "the program names the folder it was built in"
fi
echo "installed: $(cd "$folder" && find usr ! -type d | sort | tr '\n' ' ')"
