#!/bin/sh
# The same source in another folder, built in another folder, gives the same bytes.
# usage: reproducible_test.sh CMAKE PROGRAM SOURCE
set -eu
cmake="$1" program="$2" source="$3"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/another source"
for part in CMakeLists.txt CMakePresets.json include src docs LICENSE README.md CHANGELOG.md; do
  cp -R "$source/$part" "$folder/another source/"
done
cd "$folder"
export CCACHE_DISABLE=1
(cd "another source" && "$cmake" --preset static -B "../its build" -DKAUDIT_TESTS=OFF) >log 2>&1 &&
  "$cmake" --build "its build" --target kaudit >>log 2>&1 || {
  tail -50 log
  exit 1
}
if cmp "$program" "its build/kaudit"; then
  sha256sum "$program" "its build/kaudit"
else
  echo "failed: the two programs differ; strings with a folder's name in them:"
  strings -a "its build/kaudit" | grep -F -e "$folder" -e "another source" | head
  exit 1
fi
