package main

import (
	"flag"
	"io"
	"strings"

	"k8s.io/klog/v2"
)

// What the code has written to its log as warnings since the list was last emptied, without klog's header.
var warnings []string

type collector struct{}

// Write: klog hands over one message at a time.
func (collector) Write(message []byte) (int, error) {
	warnings = append(warnings, strings.TrimSuffix(string(message), "\n"))
	return len(message), nil
}

func captureWarnings() {
	flags := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(flags)
	for name, value := range map[string]string{
		"logtostderr": "false", "alsologtostderr": "false", "stderrthreshold": "FATAL", "skip_headers": "true",
	} {
		if err := flags.Set(name, value); err != nil {
			panic(err)
		}
	}
	klog.SetOutput(io.Discard)
	// A message goes to its own severity's output and to all lower ones; errors and warnings reach this one once.
	klog.SetOutputBySeverity("WARNING", collector{})
}
