// Package scenario tries a definition out in memory, under a virtual clock, with mocked
// tasks, and compares what it does with what somebody wrote down. Its files are for
// people's own tests: `statehouse test order.test.yaml`.
//
//	definition: order.asl.json        # file, relative to this one, or the definition itself
//	type: STANDARD                    # or EXPRESS; default STANDARD
//	scenarios:
//	  - name: a card that is declined twice
//	    input: {orderId: 7, total: 12}
//	    mocks:                        # by state, answers call after call
//	      Charge:
//	        0-1: {Throw: {Error: Declined, Cause: no money}}
//	        2: {Return: {paid: true}}
//	    expect:
//	      path: [Charge, Ship]        # the states entered, in order
//	      output: {paid: true, shipped: true}
//
// The answers are those of package mock. Instead of mocks a scenario may name a file of
// mocked service integrations and a test case of it: mockConfig: mocks.json, machine:
// Order, testCase: PaymentFails. A call that nothing mocks fails the scenario.
//
// Expected are any of status, path, output, error and cause; what is not named is not
// compared. Without a status it is FAILED when an error or a cause is expected, SUCCEEDED
// otherwise.
//
// Files are YAML, of which JSON is a part. They are read with go.yaml.in/yaml, the
// continuation of go-yaml by the YAML organisation: its nodes keep the order of keys and
// the digits of numbers, and know their lines.
package scenario
