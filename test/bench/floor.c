// The floor of the benchmark: the durable writes of one `kaudit enable`, in the program's order, and nothing else. It
// parses nothing, checks nothing and decides nothing; what it writes is handed to it ready made.
//
//   floor ROOT NEW_MANIFEST POLICY RECORD
//
// writes below ROOT what docs/run-record.md describes. That it makes the same writes as the program is not left to this
// comment: bench.py has strace list both and compares (mirror.py).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUN "20250101T000000.000Z-000000"
#define STATE "var/lib/kaudit"
#define RUN_FOLDER STATE "/runs/" RUN

struct bytes {
  char* data;
  size_t size;
};

static void die(const char* what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static struct bytes read_whole(int root, const char* path) {
  const int file = openat(root, path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) die(path);
  struct bytes bytes = {malloc((size_t)status.st_size + 1), 0};
  if (bytes.data == NULL) die(path);
  for (;;) {
    const ssize_t size = read(file, bytes.data + bytes.size, (size_t)status.st_size + 1 - bytes.size);
    if (size < 0) die(path);
    if (size == 0 || (bytes.size += (size_t)size) > (size_t)status.st_size) break;
  }
  close(file);
  return bytes;
}

static void write_whole(int file, struct bytes bytes, const char* path) {
  for (size_t at = 0; at < bytes.size;) {
    const ssize_t size = write(file, bytes.data + at, bytes.size - at);
    if (size < 0) die(path);
    at += (size_t)size;
  }
}

static void make_directory(int root, const char* path) {
  if (mkdirat(root, path, 0700) != 0) die(path);
}

/// A new file with its bytes, still to be synced.
static int make_file(int root, const char* path, struct bytes bytes) {
  const int file = openat(root, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) die(path);
  write_whole(file, bytes, path);
  return file;
}

static void sync_and_close(int file, const char* path) {
  if (fsync(file) != 0) die(path);
  close(file);
}

static void sync_directory(int root, const char* path) {
  const int directory = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) die(path);
  sync_and_close(directory, path);
}

static void take_lock(int root) {
  const char line[64] = "pid 00001 run " RUN;
  make_directory(root, STATE);
  const int lock = openat(root, STATE "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) die("lock");
  if (pwrite(lock, line, sizeof line, 0) != (ssize_t)sizeof line) die("lock");
}

static void write_run_folder(int root, struct bytes before, struct bytes after, struct bytes policy,
                             struct bytes record) {
  make_directory(root, STATE "/runs");
  make_directory(root, RUN_FOLDER);
  make_directory(root, RUN_FOLDER "/before");
  make_directory(root, RUN_FOLDER "/after");
  const int files[] = {make_file(root, RUN_FOLDER "/before/kube-apiserver.yaml", before),
                       make_file(root, RUN_FOLDER "/after/kube-apiserver.yaml", after),
                       make_file(root, RUN_FOLDER "/after/prod-audit.yaml", policy),
                       make_file(root, RUN_FOLDER "/record.json", record)};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) sync_and_close(files[i], RUN_FOLDER);
  sync_directory(root, RUN_FOLDER "/before");
  sync_directory(root, RUN_FOLDER "/after");
  sync_directory(root, RUN_FOLDER);
  sync_directory(root, STATE "/runs");
  sync_directory(root, "var/lib");
  sync_directory(root, STATE);
}

int main(int count, char** words) {
  if (count != 5) {
    fputs("usage: floor ROOT NEW_MANIFEST POLICY RECORD\n", stderr);
    return 2;
  }
  const int root = open(words[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) die(words[1]);
  const struct bytes before = read_whole(root, "etc/kubernetes/manifests/kube-apiserver.yaml");
  const struct bytes after = read_whole(AT_FDCWD, words[2]);
  const struct bytes policy = read_whole(AT_FDCWD, words[3]);
  const struct bytes record = read_whole(AT_FDCWD, words[4]);
  const struct bytes nothing = {NULL, 0};

  take_lock(root);
  write_run_folder(root, before, after, policy, record);

  const char* temporary = "etc/kubernetes/.kaudit-" RUN "-prod-audit.yaml";
  const char* name = "etc/kubernetes/prod-audit.yaml";
  sync_and_close(make_file(root, temporary, policy), temporary);
  if (renameat2(root, temporary, root, name, RENAME_NOREPLACE) != 0) die(name);

  const int log = make_file(root, "var/log/prod-secrets.log", nothing);

  temporary = "etc/kubernetes/manifests/.kaudit-" RUN "-kube-apiserver.yaml";
  name = "etc/kubernetes/manifests/kube-apiserver.yaml";
  sync_and_close(make_file(root, temporary, after), temporary);
  sync_directory(root, "etc/kubernetes");
  sync_and_close(log, "log");
  sync_directory(root, "var/log");
  if (renameat(root, temporary, root, name) != 0) die(name);
  sync_directory(root, "etc/kubernetes/manifests");

  temporary = RUN_FOLDER "/.kaudit-" RUN "-record.json";
  name = RUN_FOLDER "/record.json";
  sync_and_close(make_file(root, temporary, record), temporary);
  if (renameat(root, temporary, root, name) != 0) die(name);
  return 0;
}
