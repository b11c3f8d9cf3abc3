// Command conformance is one version of kube-apiserver's audit policy code behind a pipe: it loads policies with the
// real policy.LoadPolicyFromBytes and decides requests with the real evaluator, and adds no judgement of its own.
//
// One Question a line comes in as JSON, one Answer a line goes out. Built once per version of k8s.io/apiserver, see
// ../build.sh; what differs between versions in Go's types is in evaluator_*.go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/audit/policy"
)

// Question is a policy, by name or by content, and the requests that it shall decide if it loads.
type Question struct {
	File     string    `json:"file,omitempty"`
	Data     []byte    `json:"data,omitempty"` // base64; used when File is empty
	Requests []Request `json:"requests,omitempty"`
	// Loads asks for as many loads; all different answers are given in Others. For what Go decides by its map order.
	Loads int `json:"loads,omitempty"`
}

// Answer is what kube-apiserver says of a policy. Error is LoadPolicyFromFile's text without its ": from file …".
type Answer struct {
	Verdict   string     `json:"verdict"` // accepted, refused, or panic
	Error     string     `json:"error,omitempty"`
	Warnings  []string   `json:"warnings,omitempty"`
	Decisions []Decision `json:"decisions,omitempty"`
	Others    []Answer   `json:"others,omitempty"`
}

func main() {
	captureWarnings()
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return
		}
		if err == nil || err == io.EOF {
			var question Question
			if err = json.Unmarshal(line, &question); err == nil {
				var answer Answer
				if answer, err = question.answer(); err == nil {
					err = encoder.Encode(answer)
				}
			}
		}
		if err == nil && in.Buffered() == 0 {
			err = out.Flush()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "conformance:", err)
			os.Exit(2)
		}
	}
}

func (q Question) answer() (Answer, error) {
	data := q.Data
	if q.File != "" {
		var err error
		if data, err = os.ReadFile(q.File); err != nil {
			return Answer{}, err
		}
	}
	first := ask(data, q.Requests)
	for i := 1; i < q.Loads; i++ {
		other := ask(data, q.Requests)
		known := same(first, other)
		for _, seen := range first.Others {
			known = known || same(seen, other)
		}
		if !known {
			first.Others = append(first.Others, other)
		}
	}
	return first, nil
}

func same(a, b Answer) bool {
	a.Others, b.Others = nil, nil
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func ask(data []byte, requests []Request) (answer Answer) {
	defer func() {
		if reason := recover(); reason != nil {
			answer = Answer{Verdict: "panic", Error: fmt.Sprint(reason)}
		}
	}()
	warnings = nil
	loaded, err := policy.LoadPolicyFromBytes(data)
	if err != nil {
		return Answer{Verdict: "refused", Error: err.Error(), Warnings: warnings}
	}
	answer = Answer{Verdict: "accepted", Warnings: warnings}
	if len(requests) == 0 {
		return answer
	}
	levels, rules := newEvaluator(loaded), newEvaluator(numbered(loaded))
	for _, request := range requests {
		attributes := request.attributes()
		decision := levels(attributes)
		decision.Rule = noRule
		// No rule: the evaluator's own default level, which is no number.
		if rule, err := strconv.Atoi(rules(attributes).Level); err == nil {
			decision.Rule = rule
		}
		answer.Decisions = append(answer.Decisions, decision)
	}
	return answer
}

// numbered is the policy with each rule's level replaced by the rule's index, so that the evaluator tells which decided.
func numbered(loaded *audit.Policy) *audit.Policy {
	result := loaded.DeepCopy()
	for i := range result.Rules {
		result.Rules[i].Level = audit.Level(strconv.Itoa(i))
	}
	return result
}
