package awsapi

import (
	"regexp"
	"strings"
	"unicode"

	"statehouse/engine/value"
)

// The shapes of the service's model; a test compares them. Names, empty ARNs, definitions,
// task tokens and payloads have limits too, but the engine says those with errors of their
// own (InvalidName, InvalidArn, InvalidDefinition, InvalidToken, InvalidExecutionInput,
// InvalidOutput).
var (
	anyText      = &shape{kind: value.KindString}
	nameShape    = anyText
	startedName  = &shape{kind: value.KindString, min: 1} // may be left out, but not be empty
	arnShape     = &shape{kind: value.KindString, max: 256}
	otherARN     = &shape{kind: value.KindString, min: 1, max: 256} // of another service: there is no InvalidArn for an empty one
	longARN      = &shape{kind: value.KindString, max: 2000}
	payloadShape = &shape{kind: value.KindString, secret: true}
	flagShape    = &shape{kind: value.KindBool}
	tokenShape   = anyText

	aliasName = &shape{kind: value.KindString, min: 1, max: 80, pattern: &pattern{
		`^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`, isAliasName,
	}}
	clientToken = &shape{kind: value.KindString, min: 1, max: 64, pattern: &pattern{
		`[!-~]+`, regexp.MustCompile(`^[!-~]+$`).MatchString,
	}}
	traceHeader = &shape{kind: value.KindString, max: 256, pattern: &pattern{
		`\p{ASCII}*`, func(s string) bool {
			return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
		},
	}}

	descriptionShape = &shape{kind: value.KindString, max: 256, secret: true}
	errorName        = &shape{kind: value.KindString, max: 256, secret: true}
	errorCause       = &shape{kind: value.KindString, max: 32768, secret: true}
	definitionShape  = &shape{kind: value.KindString, min: 1, max: 1 << 20, secret: true} // of operations with no InvalidDefinition
	stateNameShape   = &shape{kind: value.KindString, min: 1, max: 80, secret: true}
	workerShape      = &shape{kind: value.KindString, min: 1, max: 80}
	pageToken        = &shape{kind: value.KindString, min: 1, max: 1024}
	longToken        = &shape{kind: value.KindString, min: 1, max: 3096}
	pageSize         = &shape{kind: value.KindNumber, max: 1000}
	shortPage        = &shape{kind: value.KindNumber, max: 100}
	countOf          = &shape{kind: value.KindNumber}
	longCount        = &shape{kind: value.KindNumber, long: true}
	percentage       = &shape{kind: value.KindNumber, max: 100, fraction: true}

	machineType     = oneOf("STANDARD", "EXPRESS")
	includedData    = oneOf("ALL_DATA", "METADATA_ONLY")
	inspectionShape = oneOf("INFO", "DEBUG", "TRACE")
	severityShape   = oneOf("ERROR", "WARNING")
	redriveFilter   = oneOf("REDRIVEN", "NOT_REDRIVEN")
	logLevel        = oneOf("ALL", "ERROR", "FATAL", "OFF")
	encryptionType  = oneOf("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY")
	mockMode        = oneOf("STRICT", "PRESENT", "NONE")
	// In the order that AWS's message has.
	statusFilter = oneOf("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING")

	tagKey  = &shape{kind: value.KindString, min: 1, max: 128}
	tagKeys = &shape{kind: value.KindArray, item: tagKey}
	tagList = listOf(may("key", tagKey), may("value", &shape{kind: value.KindString, max: 256}))

	loggingShape = structure(
		may("level", logLevel), may("includeExecutionData", flagShape),
		may("destinations", listOf(may("cloudWatchLogsLogGroup", structure(may("logGroupArn", otherARN))))),
	)
	tracingShape    = structure(may("enabled", flagShape))
	encryptionShape = structure(
		may("kmsKeyId", &shape{kind: value.KindString, min: 1, max: 2048}),
		may("kmsDataKeyReusePeriodSeconds", &shape{kind: value.KindNumber, min: 60, max: 900}),
		must("type", encryptionType),
	)
	routingList = sized(listOf(
		must("stateMachineVersionArn", arnShape), must("weight", &shape{kind: value.KindNumber, max: 100}),
	), 1, 2)

	dataShape = &shape{kind: value.KindString, max: 262144, secret: true} // of TestState, which has no error of its own for it
	mockShape = structure(
		may("result", dataShape),
		may("errorOutput", structure(may("error", errorName), may("cause", errorCause))),
		may("fieldValidationMode", mockMode),
	)
	testConfiguration = structure(
		may("retrierRetryCount", countOf), may("errorCausedByState", stateNameShape),
		may("mapIterationFailureCount", countOf), may("mapItemReaderData", dataShape),
	)
)

func oneOf(values ...string) *shape { return &shape{kind: value.KindString, enum: values} }

func structure(ms ...member) *shape { return &shape{kind: value.KindObject, members: ms} }

func listOf(ms ...member) *shape { return &shape{kind: value.KindArray, item: structure(ms...)} }

func sized(s *shape, least, most int64) *shape {
	s.min, s.max = least, most
	return s
}

func must(name string, s *shape) member { return member{name, s, true} }

func may(name string, s *shape) member { return member{name, s, false} }

// isAliasName tells an alias from a version: something in it is no digit.
func isAliasName(s string) bool {
	digits := true
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == '-', r == '.':
			digits = false
		default:
			return false
		}
	}
	return !digits
}
