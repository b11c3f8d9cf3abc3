package main

import (
	"bytes"
	"math/rand"
)

// Fragments in which YAML readers are known to differ, or that change the meaning of what stands around them.
var fragments = []string{
	"\t", " ", "  ", "\n", "\r\n", "\r", "\n\n", ": ", ":", ",", "- ", "-", "? ", "?", "# ", "#", "[", "]", "{", "}",
	"[]", "{}", "[ ]", "&a ", "*a", "*a ", "&a", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!binary ",
	"!!merge ", "!!timestamp ", "!foo ", "! ", "!", "!!str,", "!<tag:yaml.org,2002:str> ", "!<", "|", ">", "|-\n", "|+\n",
	">-\n", "|2\n", "'", "\"", "''", "\\", "\\/", "\\'", "\\x41", "\\ud83d", "\\u0041", "\\U0001F600", "\\0", "\\N", "\\\n",
	"<<: ", "<<: *a\n", "<<: [*a]\n", "---\n", "---", "--- ", "...\n", "...", "%YAML 1.1\n---\n", "%YAML 1.2\n---\n",
	"%YAML 1.001\n---\n", "%TAG ! tag:yaml.org,2002:\n---\n", "%TAG !a! !b\n---\n", "%x\n", "\x00", "\x7f", "\xff", "\xc2\x85",
	"\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf", "\xef\xbf\xbe", "\xc2\x80", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xed\xa0\x80",
	"yes", "no", "on", "y", "~", "null", "true", "1", "0", "-0", "1.0", "1.5", "0x1F", "0755", "08", "0b11", "0b-1", "0o17",
	"1_000", "1e3", "1e400", ".5", ".5_0", "._5", ".inf", "-.inf", ".nan", "9223372036854775808", "18446744073709551616",
	"1e20", "1e21", "123456789.5", "2001-12-14", "1:30", "aGk=", "a: b", "a: b\n", "a:b", "a: ", "\n  a: b", "\na: b\n",
	"{a: b}", "[a, b]", "{a:,}", "{a: ,b}", "[a: b]", "{a, b: c}", "[?a]", "[a?b]", "{? a : b}", "? a\n: b\n", "!a,b c",
	":]", ":}", ":[", ":{", "!,", "!]", "!a%00b ", "[]: ", "# c\n{a: b}\n", "\n[x]\n", "\n{x}\n",
	"\"a\\/b\"", "\"\\'\"", "=", "@", "`", "%", "::", ":-", ": :", "a #b", "a# b", "null: x\n", "1: x\n'1': y\n", "yes: x\n",
}

// mutate makes a copy of originals[pick] with one to four changes.
func mutate(source *rand.Rand, originals [][]byte, pick int) []byte {
	data := bytes.Clone(originals[pick])
	// Small files, and small pieces of large ones, show more in the same time.
	if len(data) > 4096 {
		start := lineStart(data, source.Intn(len(data)))
		end := min(len(data), start+256+source.Intn(2048))
		data = data[start:end]
	}
	for changes := 1 + source.Intn(4); changes > 0; changes-- {
		data = mutateOnce(source, data, originals)
	}
	return data
}

func lineStart(data []byte, at int) int { return bytes.LastIndexByte(data[:at], '\n') + 1 }

func mutateOnce(source *rand.Rand, data []byte, originals [][]byte) []byte {
	at := source.Intn(len(data) + 1)
	if source.Intn(3) == 0 {
		at = lineStart(data, at)
	}
	end := min(len(data), at+1+source.Intn(8))
	fragment := []byte(fragments[source.Intn(len(fragments))])
	switch source.Intn(8) {
	case 0: // take out
		return join(data[:at], data[end:])
	case 1: // replace
		return join(data[:at], fragment, data[end:])
	case 2: // copy a piece to another place
		to := source.Intn(len(data) + 1)
		return join(data[:to], data[at:end], data[to:])
	case 3: // a line of another file
		other := originals[source.Intn(len(originals))]
		if len(other) == 0 {
			return data
		}
		start := lineStart(other, source.Intn(len(other)))
		length := bytes.IndexByte(other[start:], '\n') + 1
		return join(data[:at], other[start:start+length], data[at:])
	case 4: // flip a byte
		if at == len(data) {
			return data
		}
		flipped := bytes.Clone(data)
		flipped[at] ^= 1 << source.Intn(8)
		return flipped
	default: // insert
		return join(data[:at], fragment, data[at:])
	}
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
