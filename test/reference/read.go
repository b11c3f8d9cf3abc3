package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"

	"sigs.k8s.io/yaml"
)

// Answer is what Kubernetes makes of one file, or what our tool says of it.
type Answer struct {
	File string `json:"file"`
	// The document as JSON text; empty if there is an error.
	JSON  string `json:"json,omitempty"`
	Error string `json:"error,omitempty"`
	// What our decoder says of a file that Go accepts and it does not (record only).
	Ours string `json:"ours,omitempty"`
	// Ours only.
	Code   string `json:"code,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// read is k8s.io/apimachinery/pkg/util/yaml ToJSON (v0.34.0), followed by the check of the whole text that every
// reader of the JSON makes first.
func read(data []byte) (answer Answer) {
	defer func() {
		// A panic in the reader ends the real program: nothing is accepted.
		if reason := recover(); reason != nil {
			answer = Answer{Error: fmt.Sprint("panic: ", reason)}
		}
	}()
	text, err := toJSON(data)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	var checked json.RawMessage
	if err := json.Unmarshal(text, &checked); err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{JSON: string(text)}
}

func toJSON(data []byte) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimLeftFunc(data, unicode.IsSpace), []byte("{")) {
		return data, nil
	}
	return yaml.YAMLToJSON(data)
}
