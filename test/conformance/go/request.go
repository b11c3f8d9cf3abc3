package main

import (
	"encoding/json"
	"sort"

	"k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// Request has the keys of `kaudit explain --requests`. Without a user it is unauthenticated.
type Request struct {
	User            *string  `json:"user"`
	Groups          []string `json:"groups"`
	Verb            string   `json:"verb"`
	Namespace       string   `json:"namespace"`
	APIGroup        string   `json:"apiGroup"`
	APIVersion      string   `json:"apiVersion"`
	Resource        string   `json:"resource"`
	Subresource     string   `json:"subresource"`
	Name            string   `json:"name"`
	Path            string   `json:"path"`
	ResourceRequest bool     `json:"resourceRequest"`
}

func (r Request) attributes() authorizer.Attributes {
	attributes := authorizer.AttributesRecord{
		Verb: r.Verb, Namespace: r.Namespace, APIGroup: r.APIGroup, APIVersion: r.APIVersion, Resource: r.Resource,
		Subresource: r.Subresource, Name: r.Name, Path: r.Path, ResourceRequest: r.ResourceRequest,
	}
	if r.User != nil {
		attributes.User = &user.DefaultInfo{Name: *r.User, Groups: r.Groups}
	}
	return attributes
}

const noRule = -1

// Decision is written as [rule, level, [omitted stages, sorted], managed fields omitted]; rule -1 is "none matches".
type Decision struct {
	Rule              int
	Level             string
	OmitStages        []string
	OmitManagedFields bool
}

func (d Decision) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{d.Rule, d.Level, d.OmitStages, d.OmitManagedFields})
}

// stageSet: the real code returns the stages in the order of a map.
func stageSet(stages []audit.Stage) []string {
	seen := map[string]bool{}
	for _, stage := range stages {
		seen[string(stage)] = true
	}
	set := []string{}
	for stage := range seen {
		set = append(set, stage)
	}
	sort.Strings(set)
	return set
}
