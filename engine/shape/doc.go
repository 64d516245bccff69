// Package shape knows what the operations of the AWS services answer: the members of each
// response, their types and limits. TestState holds a mocked result against it, so that a
// test cannot pass with an answer that the service would never give.
//
// The table is generated from the service models of botocore (see NOTICE), all services in
// one archive of about 1 MB. A service is unpacked when it is first asked for.
package shape

//go:generate go run generate.go botocore-1.40.55-py3-none-any.whl
