// The real evaluator on the requests of bench_evaluate.cpp: k8s.io/apiserver's own, nothing of it copied.
//
// usage: real POLICY REQUESTS SECONDS: prints "decisions seconds checksum".
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

var ordinals = map[audit.Level]uint64{
	audit.LevelNone: 0, audit.LevelMetadata: 1, audit.LevelRequest: 2, audit.LevelRequestResponse: 3,
}

func requests(path string) []authorizer.Attributes {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	var result []authorizer.Attributes
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		f := strings.Split(line, "\t")
		result = append(result, &authorizer.AttributesRecord{
			User: &user.DefaultInfo{Name: f[0], Groups: strings.Split(f[1], ",")}, Verb: f[2], Namespace: f[3],
			APIGroup: f[4], Resource: f[5], Subresource: f[6], Name: f[7], Path: f[8], ResourceRequest: f[5] != "",
		})
	}
	return result
}

// processorTime: what others do on the machine does not count, collecting garbage does.
func processorTime() float64 {
	usage := syscall.Rusage{}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func main() {
	loaded, err := policy.LoadPolicyFromFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	evaluator := policy.NewPolicyRuleEvaluator(loaded)
	all := requests(os.Args[2])
	seconds, err := strconv.ParseFloat(os.Args[3], 64)
	if err != nil {
		panic(err)
	}
	checksum := uint64(0)
	for i, request := range all {
		checksum += uint64(i+1) * ordinals[evaluator.EvaluatePolicyRule(request).Level]
	}
	decisions, kept := 0, uint64(0)
	start := processorTime()
	elapsed := 0.0
	for elapsed < seconds {
		for _, request := range all {
			kept += uint64(len(evaluator.EvaluatePolicyRule(request).Level))
		}
		decisions += len(all)
		elapsed = processorTime() - start
	}
	fmt.Println(decisions, elapsed, checksum, kept == 0)
}
