//go:build !checker

package main

import (
	"k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// 0.23 and newer.
func newEvaluator(loaded *audit.Policy) func(authorizer.Attributes) Decision {
	evaluator := policy.NewPolicyRuleEvaluator(loaded)
	return func(attributes authorizer.Attributes) Decision {
		config := evaluator.EvaluatePolicyRule(attributes)
		return Decision{
			Level: string(config.Level), OmitStages: stageSet(config.OmitStages), OmitManagedFields: config.OmitManagedFields,
		}
	}
}
