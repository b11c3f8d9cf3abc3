// Command reference says how Kubernetes reads files: with the code that the kubelet and kube-apiserver use
// (k8s.io/apimachinery pkg/util/yaml ToJSON over sigs.k8s.io/yaml, then encoding/json).
//
//	reference FILE…                              one line of JSON for each file: its first document, or the error
//	reference compare -tool PROGRAM [-mutations N] [-seed N] [-work DIR] FILE-OR-DIR…
//	                                             compares our decoder's answers with these, see compare.go
//	reference record PROGRAM FILE…               the first, with what our decoder says where it does not model a file
//	reference scalars FILE                       answers for each scalar of a table, see scalars.go
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "compare" {
		os.Exit(compare(os.Args[2:]))
	}
	if len(os.Args) == 3 && os.Args[1] == "scalars" {
		os.Exit(scalars(os.Args[2]))
	}
	files := os.Args[1:]
	var ours *comparison
	if len(os.Args) > 2 && os.Args[1] == "record" {
		files = os.Args[3:]
		ours = &comparison{}
		if err := ours.start(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		defer ours.stop()
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		answer := read(data)
		answer.File = file
		if ours != nil && answer.Error == "" {
			said, err := ours.ask(data)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(2)
			}
			answer.Ours = said.Code
		}
		if err := encoder.Encode(answer); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}
