// Package task says what a task integration is and keeps the registry of those that
// exist. An integration is handed a request that is already durable; it may be handed the
// same request again after a crash, so its answers are tied to the task, not to the call.
package task
