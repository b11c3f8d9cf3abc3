#!/bin/sh
# The released binary needs nothing: no library, no loader, no file of the system it runs on.
# usage: static_test.sh PROGRAM VERSION DEMO
set -eu
program="$1" version="$2" demo="$3"

said="$(LC_ALL=C ldd "$program" 2>&1 || true)"
case "$said" in
  *"statically linked"*) echo "ok: ldd: statically linked" ;;
  *) echo "failed: ldd says: $said" && exit 1 ;;
esac

if [ "$(id -u)" != 0 ]; then
  echo "skipped: only root can change the root directory, so the empty chroot was not tried"
  exit 77
fi
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cp "$program" "$folder/kaudit"
said="$(chroot "$folder" /kaudit --version)"
[ "$said" = "kaudit $version" ] || { echo "failed: in an empty chroot: $said" && exit 1; }
echo "ok: runs in an empty chroot: $said"

# The whole job in a root that holds the program, the policy and the node's files, and nothing else.
cp -R "$demo/node" "$folder/node"
cp "$demo/prod-audit.yaml" "$folder/"
before="$(cksum <"$folder/node/etc/kubernetes/manifests/kube-apiserver.yaml")"
chroot "$folder" /kaudit enable --root /node --policy /prod-audit.yaml --log /var/log/prod-secrets.log \
  >"$folder/plan" 2>"$folder/said" || { echo "failed: enable in that chroot: $(cat "$folder/said")" && exit 1; }
after="$(cksum <"$folder/node/etc/kubernetes/manifests/kube-apiserver.yaml")"
[ "$before" != "$after" ] || { echo "failed: enable changed nothing" && exit 1; }
echo "ok: enable patches a manifest there"
