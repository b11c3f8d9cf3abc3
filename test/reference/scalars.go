package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// scalars prints, for each line of a file, the line with what the scalar on it becomes as a value and as a key:
// three columns, JSON or "refused".
func scalars(file string) int {
	in, err := os.Open(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		scalar, _, _ := strings.Cut(lines.Text(), "\t")
		text := strings.NewReplacer("\\t", "\t", "\\n", "\n").Replace(scalar)
		fmt.Printf("%s\t%s\t%s\n", scalar, column("v: "+text+"\n"), column(text+": v\n"))
	}
	return 0
}

func column(document string) string {
	answer := read([]byte(document))
	if answer.Error != "" {
		return "refused"
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(json.RawMessage(answer.JSON)); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(text.String(), "\n")
}
