package teststate_test

import (
	"testing"

	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

// What MapItemReaderData holds is what lies at the source, whatever the source is.
func TestTheDataOfAnItemReader(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ config, data, want string }{
		"a list":             {`{"InputType":"JSON"}`, `[1,2]`, `afterItemSelector [{"v":1},{"v":2}]`},
		"a list in a file":   {`{"InputType":"JSON","ItemsPointer":"/a/b"}`, `{"a":{"b":[1,2]}}`, "afterItemsPointer [1,2]\nafterItemSelector [{\"v\":1},{\"v\":2}]"},
		"a table":            {`{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "n,m\n1,2\n", `afterItemSelector [{"v":{"n":"1","m":"2"}}]`},
		"a table with a cap": {`{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["n"],"MaxItems":1}`, "1\n2\n", `afterItemSelector [{"v":{"n":"1"}}]`},
		"lines":              {`{"InputType":"JSONL"}`, "{\"n\":1}\n{\"n\":2}\n", `afterItemSelector [{"v":{"n":1}},{"v":{"n":2}}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, teststate.Request{
				Definition: `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":` + tc.config + `},
					"ItemSelector":{"v.$":"$$.Map.Item.Value"},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{"Type":"Succeed"}}},"ResultPath":null,"End":true}`,
				Mock: result(`[]`), Config: teststate.Configuration{MapItemReaderData: &tc.data},
			}, nil)
			want := "SUCCEEDED {}\nafterInputPath {}\n" + tc.want + "\nresult []\nafterResultSelector []\nafterResultPath {}"
			if got := show(r); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestDataThatAReaderCannotRead(t *testing.T) {
	t.Parallel()
	r := run(t, teststate.Request{
		Definition: `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}},
			"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{"Type":"Succeed"}}},
			"Catch":[{"ErrorEquals":["States.ItemReaderFailed"],"Next":"X"}],"End":true}`,
		Mock: result(`[]`), Config: teststate.Configuration{MapItemReaderData: new("n,n\n1,2\n")},
	}, nil)
	if r.Status != teststate.CaughtError || *r.Error != "States.ItemReaderFailed" || *r.Cause != "CSV headers cannot contain duplicates." {
		t.Errorf("got %s", show(r))
	}
}

func TestWithoutDataTheItemsOfAReaderAreNotKnown(t *testing.T) {
	t.Parallel()
	r := run(t, teststate.Request{
		Definition: `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}},
			"ItemSelector":{"k.$":"$$.Map.Item.Value.Key"},"MaxConcurrency":5,"ToleratedFailureCount":3,
			"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{"Type":"Succeed"}}},"End":true}`,
		Input: value.Raw(`{"a":1}`), Mock: result(`[]`),
	}, nil)
	if r.Status != teststate.Succeeded || *r.MaxConcurrency != 5 || *r.ToleratedCount != 3 {
		t.Errorf("got %s", show(r))
	}
}
