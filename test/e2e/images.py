"""docker-archive tars, as `ctr images import` takes them: one layer with one static program."""

import hashlib
import io
import json
import tarfile

import binaries

# kubeadm's own references (`kubeadm config images list`): it writes them into the manifests, and the kubelet finds them by name.
PAUSE = "registry.k8s.io/pause:3.10"
ETCD = "registry.k8s.io/etcd:3.7.0-0"


def api_server(version):
    return f"registry.k8s.io/kube-apiserver:v{version}"


def _add(archive, name, content, mode=0o644):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def make(target, reference, program, at):
    """TARGET, an image REFERENCE whose only file, the path AT, is PROGRAM."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        _add(archive, at.lstrip("/"), program.read_bytes(), 0o755)
    layer = layer.getvalue()
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Entrypoint": [at], "Env": ["PATH=/usr/local/bin:/usr/bin"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [reference], "Layers": ["layer.tar"]}]).encode()
    made = target.with_name("." + target.name)
    with tarfile.open(made, "w") as archive:
        _add(archive, "config.json", config)
        _add(archive, "layer.tar", layer)
        _add(archive, "manifest.json", manifest)
    made.rename(target)


def all_of(version):
    """(tar, reference, program, its path in the image) of each image that a control plane of this version runs."""
    folder = binaries.images(version)
    return [
        (folder / "pause.tar", PAUSE, binaries.pause(), "/pause"),
        (folder / "etcd.tar", ETCD, binaries.etcd(), "/usr/local/bin/etcd"),
        (folder / "kube-apiserver.tar", api_server(version), binaries.kubernetes(version) / "kube-apiserver",
         "/usr/local/bin/kube-apiserver"),
    ]


def make_all(version):
    for image in all_of(version):
        make(*image)
