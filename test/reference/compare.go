package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// compare asks our tool about every file and about mutated copies of them, and counts:
//
//	wrong    ours accepts what Go refuses, or the values differ: a failure
//	stricter ours refuses what Go accepts with another code than "not-modelled": a failure
//	unknown  ours says "not-modelled" of what Go accepts: printed by kind, and a failure where it is not rare
func compare(args []string) int {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	tool := flags.String("tool", "", "our decoder's program")
	mutations := flags.Int("mutations", 0, "mutated copies to compare besides the files themselves")
	seed := flags.Int64("seed", 1, "seed of the mutations")
	work := flags.String("work", "", "keep the files that fail here")
	if err := flags.Parse(args); err != nil || *tool == "" || flags.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: reference compare -tool PROGRAM [-mutations N] [-seed N] [-work DIR] FILE-OR-DIR…")
		return 2
	}
	files, err := collect(flags.Args())
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no files in %s", strings.Join(flags.Args(), " "))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	run := &comparison{kinds: map[string]int{}, work: *work}
	if err := run.start(*tool); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer run.stop()
	originals := [][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		originals = append(originals, data)
		if err := run.check(file, data); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
	}
	source := rand.New(rand.NewSource(*seed))
	for i := 0; i < *mutations; i++ {
		pick := source.Intn(len(originals))
		data := mutate(source, originals, pick)
		if err := run.check(fmt.Sprintf("%s, mutation %d of seed %d", files[pick], i, *seed), data); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
	}
	return run.report(len(files), *mutations)
}

// collect names the regular files under the arguments, in order.
func collect(args []string) ([]string, error) {
	files := []string{}
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(path string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.Type().IsRegular() {
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	sort.Strings(files)
	return files, nil
}

type comparison struct {
	command  *exec.Cmd
	stdin    io.WriteCloser
	stdout   *bufio.Reader
	scratch  string
	work     string
	accepted int
	refused  int
	unknown  int
	failures int
	kinds    map[string]int
}

func (c *comparison) start(tool string) (err error) {
	if c.scratch, err = os.MkdirTemp("", "kaudit-reference"); err != nil {
		return err
	}
	c.command = exec.Command(tool)
	c.command.Stderr = os.Stderr
	if c.stdin, err = c.command.StdinPipe(); err != nil {
		return err
	}
	stdout, err := c.command.StdoutPipe()
	if err != nil {
		return err
	}
	c.stdout = bufio.NewReaderSize(stdout, 1<<20)
	return c.command.Start()
}

func (c *comparison) stop() {
	c.stdin.Close()
	_ = c.command.Wait()
	os.RemoveAll(c.scratch)
}

func (c *comparison) ask(data []byte) (Answer, error) {
	file := filepath.Join(c.scratch, "file")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return Answer{}, err
	}
	if _, err := fmt.Fprintln(c.stdin, file); err != nil {
		return Answer{}, fmt.Errorf("our tool has ended: %w", err)
	}
	line, err := c.stdout.ReadBytes('\n')
	if err != nil {
		return Answer{}, fmt.Errorf("our tool has ended: %w", err)
	}
	var answer Answer
	return answer, json.Unmarshal(line, &answer)
}

func (c *comparison) check(name string, data []byte) error {
	theirs := read(data)
	ours, err := c.ask(data)
	if err != nil {
		c.fail(name, data, err.Error())
		return err
	}
	switch {
	case theirs.Error != "" && ours.Error != "":
		c.refused++
		if ours.Code == "not-modelled" {
			c.kinds["refused by Go, too: "+kind(ours.Error)]++
		}
	case theirs.Error != "":
		c.fail(name, data, "ours accepts what Go refuses: "+theirs.Error)
	case ours.Error != "" && ours.Code == "not-modelled":
		c.unknown++
		c.kinds["accepted by Go: "+kind(ours.Error)]++
	case ours.Error != "":
		c.fail(name, data, "ours refuses what Go accepts: "+ours.Error)
	default:
		c.accepted++
		if difference := c.values(theirs.JSON, ours.JSON); difference != "" {
			c.fail(name, data, "the values differ: "+difference)
		}
	}
	return nil
}

func (c *comparison) values(theirs, ours string) string {
	a, duplicates, err := parse(theirs)
	if err != nil {
		return "Go's answer is no JSON: " + err.Error()
	}
	if duplicates {
		return "Go's answer has a key twice"
	}
	b, _, err := parse(ours)
	if err != nil {
		return "our answer is no JSON: " + err.Error()
	}
	return differ("", a, b)
}

// kind is an error text without what differs from file to file.
func kind(text string) string {
	if at := strings.Index(text, "\""); at >= 0 {
		text = text[:at] + "…"
	}
	return text
}

func (c *comparison) fail(name string, data []byte, reason string) {
	c.failures++
	if c.failures <= 40 {
		fmt.Printf("FAILED %s: %s\n", name, reason)
	}
	if c.work != "" {
		_ = os.MkdirAll(c.work, 0o755)
		_ = os.WriteFile(filepath.Join(c.work, fmt.Sprintf("failure-%03d.yaml", c.failures)), data, 0o644)
	}
}

func (c *comparison) report(files, mutations int) int {
	fmt.Printf("%d files and %d mutations compared: %d read alike, %d refused by both, %d not modelled, %d failures\n",
		files, mutations, c.accepted, c.refused, c.unknown, c.failures)
	names := []string{}
	for name := range c.kinds {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf("  not modelled, %s: %d\n", name, c.kinds[name])
	}
	if c.unknown*10 > c.accepted {
		fmt.Println("FAILED: more than 10 % of what Go accepts is not modelled")
		return 1
	}
	if c.failures > 0 {
		return 1
	}
	return 0
}
