package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"sort"
	"strconv"
)

// member keeps what map[string]any loses: that a key stands twice.
type member struct {
	key   string
	value any
}

type object []member

// parse reads JSON into []any, object, json.Number, string, bool and nil.
func parse(text string) (any, bool, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	duplicates := false
	value, err := parseValue(decoder, &duplicates)
	return value, duplicates, err
}

func parseValue(decoder *json.Decoder, duplicates *bool) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			item, err := parseValue(decoder, duplicates)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err := decoder.Token()
		return list, err
	case json.Delim('{'):
		members := object{}
		seen := map[string]bool{}
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := parseValue(decoder, duplicates)
			if err != nil {
				return nil, err
			}
			name := key.(string)
			*duplicates = *duplicates || seen[name]
			seen[name] = true
			members = append(members, member{name, value})
		}
		_, err := decoder.Token()
		sort.SliceStable(members, func(i, j int) bool { return members[i].key < members[j].key })
		return members, err
	}
	return token, nil
}

// differ says where two values differ; empty if they do not.
func differ(path string, a, b any) string {
	switch a := a.(type) {
	case []any:
		other, ok := b.([]any)
		if !ok || len(a) != len(other) {
			return fmt.Sprintf("%s: list of %d against %T", path, len(a), b)
		}
		for i := range a {
			if d := differ(fmt.Sprintf("%s[%d]", path, i), a[i], other[i]); d != "" {
				return d
			}
		}
		return ""
	case object:
		other, ok := b.(object)
		if !ok || len(a) != len(other) {
			return fmt.Sprintf("%s: object of %d against %T", path, len(a), b)
		}
		for i := range a {
			if a[i].key != other[i].key {
				return fmt.Sprintf("%s: key %q against %q", path, a[i].key, other[i].key)
			}
			if d := differ(path+"."+a[i].key, a[i].value, other[i].value); d != "" {
				return d
			}
		}
		return ""
	case json.Number:
		other, ok := b.(json.Number)
		if !ok || !sameNumber(string(a), string(other)) {
			return fmt.Sprintf("%s: number %v against %T %v", path, a, b, b)
		}
		return ""
	}
	if a != b {
		return fmt.Sprintf("%s: %T %v against %T %v", path, a, a, b, b)
	}
	return ""
}

// sameNumber: integers that fit int64 or uint64 exactly, everything else as float64, as all readers of JSON do.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, aWhole := wholeNumber(a)
	y, bWhole := wholeNumber(b)
	if aWhole && bWhole {
		return x.Cmp(y) == 0
	}
	f, err := strconv.ParseFloat(a, 64)
	if err != nil {
		return false
	}
	g, err := strconv.ParseFloat(b, 64)
	return err == nil && f == g
}

func wholeNumber(text string) (*big.Int, bool) {
	value, ok := new(big.Int).SetString(text, 10)
	return value, ok && (value.IsInt64() || value.IsUint64())
}
