// Runs a command and says what it cost:
//
//   measure COMMAND [ARGUMENT…]      prints "WALL_NS CPU_US PEAK_KIB STATUS"
//
// bench.py does not wait for the commands itself: Linux counts the memory of the process that forks as the child's peak
// (getrusage(2), ru_maxrss, survives execve), and Python's is larger than all of kaudit's. This program's is small. The
// command's standard output goes to /dev/null, its standard error is passed on.
#include <spawn.h>
#include <stdio.h>
#include <string.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long microseconds(struct timeval time) { return time.tv_sec * 1000000L + time.tv_usec; }

int main(int count, char** words) {
  if (count < 2) {
    fputs("usage: measure COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);

  const long long start = nanoseconds();
  pid_t child = 0;
  const int failed = posix_spawnp(&child, words[1], &actions, NULL, words + 1, environ);
  if (failed != 0) {
    fprintf(stderr, "measure: %s: %s\n", words[1], strerror(failed));
    return 2;
  }
  int status = 0;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  const long long end = nanoseconds();

  const int shown = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const long cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
  printf("%lld %ld %ld %d\n", end - start, cpu, usage.ru_maxrss, shown);
  return 0;
}
