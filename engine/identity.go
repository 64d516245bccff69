package engine

import (
	"context"
	"errors"

	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// What a configuration is where it says nothing.
const (
	noLogging  = `{"level":"OFF","includeExecutionData":false}`
	noTracing  = `{"enabled":false}`
	ownedKey   = `{"type":"AWS_OWNED_KEY"}`
	customerKM = "CUSTOMER_MANAGED_KMS_KEY"
)

// sameMachine makes CreateStateMachine idempotent: AWS compares everything but the role and
// the tags, also whether a version was asked for and how it was described.
func (e *Engine) sameMachine(ctx context.Context, want ledger.Machine, p *ledger.Publish, cause error) (ledger.Machine, error) {
	got, err := e.store.Machine(ctx, want.ARN)
	switch {
	case err != nil:
		return ledger.Machine{}, stored("read state machine "+want.ARN, err)
	case got.Deleting:
		return ledger.Machine{}, deleting(want.ARN, cause)
	}
	v, err := e.store.Version(ctx, want.ARN, 1)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return ledger.Machine{}, stored("read version 1 of "+want.ARN, err)
	}
	// A version that was made with the machine is as old as it.
	first := err == nil && v.RevisionID == "" && v.Created.Equal(got.Created)
	same := got.Definition == want.Definition && got.Type == want.Type && sameConfiguration(got.Logging, want.Logging, noLogging) &&
		sameConfiguration(got.Tracing, want.Tracing, noTracing) && sameConfiguration(got.Encryption, want.Encryption, ownedKey)
	switch {
	case same && p == nil && !first:
		return got, nil
	case same && p != nil && first && v.Description == p.Description:
		got.Version = 1
		return got, nil
	}
	f := fault("StateMachineAlreadyExists", "name", "State Machine Already Exists: '%s'", want.ARN)
	f.Cause = cause
	return ledger.Machine{}, f
}

// sameConfiguration compares JSON objects, in which what is not said is as in otherwise.
func sameConfiguration(a, b, otherwise string) bool {
	return value.Equal(completed(a, otherwise), completed(b, otherwise))
}

func completed(text, otherwise string) value.Value {
	v := value.Raw(otherwise)
	if text == "" {
		return v
	}
	for _, m := range value.Raw(text).Members() {
		if !m.Value.IsNull() {
			v = v.With(m.Key, m.Value)
		}
	}
	return v
}

// checkTracing refuses a configuration that does not say whether to trace.
func checkTracing(text string) error {
	if text == "" || value.Raw(text).Get("enabled").Kind() == value.KindBool {
		return nil
	}
	return fault("InvalidTracingConfiguration", "tracingConfiguration", "Invalid Tracing Configuration: 'enabled' must be true or false")
}

// checkEncryption refuses a configuration whose key is not the one of its type.
func checkEncryption(text string) error {
	if text == "" {
		return nil
	}
	c := value.Raw(text)
	key, reuse := c.Get("kmsKeyId"), c.Get("kmsDataKeyReusePeriodSeconds")
	has := func(v value.Value) bool { return !v.IsAbsent() && !v.IsNull() }
	switch {
	case c.Get("type").Text() == customerKM && !has(key):
		return fault("InvalidEncryptionConfiguration", "encryptionConfiguration", "Invalid Encryption Configuration: the type %s needs a 'kmsKeyId'", customerKM)
	case c.Get("type").Text() != customerKM && (has(key) || has(reuse)):
		return fault("InvalidEncryptionConfiguration", "encryptionConfiguration",
			"Invalid Encryption Configuration: 'kmsKeyId' and 'kmsDataKeyReusePeriodSeconds' are for the type %s only", customerKM)
	}
	return nil
}
