// Package httpcall is the integration http:invoke: one HTTP request per task, to an
// address that the definition names.
//
// Designers may let this server call addresses, so it is careful where it goes: the
// address is checked after the name was resolved, when the connection is made, and
// everything that is not on the public internet is refused unless the server was started
// with --allow-private-network. Redirects are not followed. AWS requires a connection
// (InvocationConfig or Authentication) for every call; here none is needed, and one that
// is named adds nothing to the request yet.
package httpcall
