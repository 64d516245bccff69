// Package mock is the file of mocked service integrations of AWS Step Functions Local, with
// two additions, and knows what it answers.
//
//	{
//	  "StateMachines": {
//	    "Order": { "TestCases": { "PaymentFails": { "Charge": "Declined" } } }
//	  },
//	  "MockedResponses": {
//	    "Declined": {
//	      "0":   { "Return": { "StatusCode": 200 } },
//	      "1-3": { "Throw": { "Error": "Declined", "Cause": "no money" } }
//	    }
//	  }
//	}
//
// An execution opts in by its machine's name and a test case (StartExecution on
// stateMachineArn#PaymentFails). A test case names, for each state that it mocks, one of the
// mocked responses; its keys count the calls of that state within the execution, from 0,
// over retries, loops and iterations alike. States that it does not name call the real
// service, as on Local.
//
// An answer is one of Return (the result, any JSON value), Throw (Error, and Cause) and,
// beside AWS's, {"Never": true}: nobody answers, so the state's own timeout has to fire.
// Each may have Submitted, also beside AWS's: the immediate answer of a .sync or
// .waitForTaskToken call; Return or Throw is then what the job or the callback delivered.
// Without it the immediate answer of such a call is {}, and Throw is the failure of the
// call itself.
package mock
