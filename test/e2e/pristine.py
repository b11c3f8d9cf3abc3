"""Back to the node as it came up: what scenarios wrote goes, what they changed is as it was."""

import filecmp
import os
import shutil
import stat

KEPT = "run/e2e/etc"  # a copy of /etc, inside
_LOGS = {"kubelet.log", "containerd.log", "pods", "containers"}
_LIBRARIES = {"containerd", "etcd", "kubelet", "logrotate"}


def keep(root):
    (root / KEPT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(root / "etc", root / KEPT, symlinks=True)


def restore(root):
    _same(root / KEPT, root / "etc")
    for folder, kept in (("var/log", _LOGS), ("var/lib", _LIBRARIES)):
        for path in (root / folder).iterdir():
            if path.name not in kept:
                _remove(path)


def _remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _same(wanted, found):
    """Makes FOUND equal to WANTED, touching only what differs: etcd has some of these folders mounted, and goes on reading them."""
    names = {path.name for path in wanted.iterdir()}
    for path in found.iterdir():
        if path.name not in names:
            _remove(path)
    for path in wanted.iterdir():
        other = found / path.name
        a, b = os.lstat(path), os.lstat(other) if os.path.lexists(other) else None
        if b and stat.S_IFMT(a.st_mode) != stat.S_IFMT(b.st_mode):
            _remove(other)
            b = None
        if stat.S_ISDIR(a.st_mode):
            if not b:
                other.mkdir()
            _same(path, other)
        elif stat.S_ISLNK(a.st_mode):
            if not b or os.readlink(path) != os.readlink(other):
                other.unlink(missing_ok=True)
                other.symlink_to(os.readlink(path))
            continue
        elif not b or not filecmp.cmp(path, other, shallow=False):
            other.unlink(missing_ok=True)  # not written into: a scenario may have linked it elsewhere
            shutil.copyfile(path, other)
        os.chown(other, a.st_uid, a.st_gid)
        other.chmod(stat.S_IMODE(a.st_mode))
