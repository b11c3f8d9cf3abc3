"""Our program: `kaudit lint` and `kaudit explain`, many files and many requests a process."""

import json
import subprocess

FILES_A_CALL = 500
SECONDS = 300

# Findings and refusals have a status of their own; everything else (usage, crash) is a failure of the program.
LINT_STATUS = (0, 1, 3)




def kubernetes(version):
    """k8s.io/apiserver 0.30.14 is Kubernetes 1.30.14."""
    return "1" + version.removeprefix("0")


class Failed(Exception):
    """The program did not answer as it promises."""


class Program:
    def __init__(self, path):
        self.path = path

    def run(self, arguments, text=b""):
        try:
            done = subprocess.run([self.path, *arguments], input=text, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as late:
            raise Failed(f"no answer within {SECONDS} s") from late
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def lint(self, files, version):
        """[result or Failed], one for each file, in order."""
        results = []
        for start in range(0, len(files), FILES_A_CALL):
            results += self._lint([str(file) for file in files[start : start + FILES_A_CALL]], version)
        return results

    def _lint(self, files, version):
        try:
            return self._lint_once(files, version)
        except Failed as reason:
            if len(files) == 1:
                return [reason]
            middle = len(files) // 2  # which file is it?
            return self._lint(files[:middle], version) + self._lint(files[middle:], version)

    def _lint_once(self, files, version):
        status, output, complaint = self.run(["lint", *files, "--kubernetes-version", kubernetes(version), "--output", "json"])
        if status not in LINT_STATUS:
            raise Failed(f"lint: status {status}: {complaint[:500]}")
        try:
            results = json.loads(output)["results"]
            named = [result["file"] for result in results]
            for result in results:
                for key in ("verdict", "server_error", "server_warnings", "findings"):
                    result[key]  # KeyError: it is not there
        except (ValueError, KeyError, TypeError) as reason:
            raise Failed(f"lint: status {status}, and not the JSON it promises ({reason!r}): {output[:300]!r}") from reason
        if named != files:
            raise Failed(f"lint: {len(named)} results for {len(files)} files, or in another order")
        return results

    def explain(self, policy, requests, version):
        """[[rule or -1, level, [stages], managed fields omitted]], one for each request, in order."""
        text = "".join(json.dumps(request) + "\n" for request in requests).encode()
        arguments = ["explain", str(policy), "--requests", "-", "--kubernetes-version", kubernetes(version)]
        status, output, complaint = self.run(arguments, text)
        if status != 0:
            raise Failed(f"explain: status {status}: {complaint[:500]}")
        try:
            return [decision(json.loads(line)) for line in output.splitlines()]
        except (ValueError, KeyError, TypeError) as reason:
            raise Failed(f"explain: not the JSON it promises ({reason!r}): {output[:300]!r}") from reason


def decision(line):
    rule = line["rule"]
    return [-1 if rule is None else rule, line["level"], line["omitStages"], line["omitManagedFields"]]
