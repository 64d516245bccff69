// Package clients walks the AWS API with the clients that people have: the aws CLI, boto3, and the AWS SDKs for
// Go and for JavaScript. Each goes to all stations of stations.txt, against a built binary of its own, and calls
// all operations; machines has the definitions that they share.
//
// The walks need packages of Python and Node, so they hide behind the build tag "clients" rather than pass where
// these are missing. They run as a step of .ci/test, which sees to both:
//
//	npm test -- clients
package clients
