"""Where the built programs are, and their versions."""

import os
import shutil
from pathlib import Path

DEFAULT_VERSION = "1.37.2"
ETCD_VERSION = "3.7.3"


def cache():
    """Outside the tree: it is big, and the same for every checkout."""
    if os.environ.get("KAUDIT_E2E_CACHE"):
        return Path(os.environ["KAUDIT_E2E_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kaudit-e2e"


def kubernetes(version):
    return cache() / f"kubernetes-{version}"


def etcd_folder():
    return cache() / f"etcd-{ETCD_VERSION}"


def etcd():
    return etcd_folder() / "etcd"


def pause():
    return cache() / "pause-1" / "pause"


def images(version):
    return cache() / f"images-{version}-etcd-{ETCD_VERSION}"


def go():
    """The go program, or None. Its own folder is not always in PATH."""
    usual = Path("/usr/local/go/bin/go")
    return shutil.which("go") or (str(usual) if usual.exists() else None)


def missing(version):
    """The paths that a control plane of this version needs and that are not built."""
    needed = [pause(), etcd(), kubernetes(DEFAULT_VERSION) / "kubeadm", kubernetes(DEFAULT_VERSION) / "kubectl",
              *(kubernetes(version) / name for name in ("kube-apiserver", "kubelet")),
              *(images(version) / f"{name}.tar" for name in ("pause", "etcd", "kube-apiserver"))]
    return [path for path in needed if not path.exists()]
