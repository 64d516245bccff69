// Package engine is the application: every verb once, for browsers and for the AWS API
// alike. A verb checks what it was given, asks the store or the runner, and answers with a
// record of the ledger or with a Fault that names the place. It knows neither HTTP nor SQL.
package engine
