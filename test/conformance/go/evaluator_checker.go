//go:build checker

package main

import (
	"k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// 0.22 and older, which knew no omitManagedFields.
func newEvaluator(loaded *audit.Policy) func(authorizer.Attributes) Decision {
	checker := policy.NewChecker(loaded)
	return func(attributes authorizer.Attributes) Decision {
		level, stages := checker.LevelAndStages(attributes)
		return Decision{Level: string(level), OmitStages: stageSet(stages)}
	}
}
