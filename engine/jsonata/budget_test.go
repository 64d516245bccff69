package jsonata

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"statehouse/engine/value"
)

// hang is longer than any evaluation within its budget takes, however busy the machine is.
const hang = 20 * time.Second

// Nothing here may crash, hang or fill the memory; want is the budget that ends it, "" when the
// evaluation ends well or with an error of the language.
func TestNothingExhaustsTheProcess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, expr string
		want       Budgeted
	}{
		{"deep recursion", `($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(1e7))`, DepthBudget},
		{"recursion through $map", `($f := function($x){ $map([1], $f) ~> $count() }; $f(1))`, DepthBudget},
		{"recursion through composition", `($g := function($x){$x}; $c := function($f, $n){ $n = 0 ? $f : $c($f ~> $g, $n - 1) }; $h := $c($g, 100000); $h(1))`, DepthBudget},
		{"endless tail recursion", `($f := function(){ $f() }; $f())`, TimeBudget},
		{"endless tail recursion that grows", `($f := function($x){ $f($append($x, $x)) }; $f([1,2]))`, BytesBudget},
		{"a string that doubles", `($f := function($x){ $f($x & $x) }; $f("ab"))`, BytesBudget},
		{"$pad", `$pad("", 1e9)`, BytesBudget},
		{"$pad of a long filling", `$pad("x", -1e18, "abc")`, BytesBudget},
		{"a range that is too long", `[1..1e9]`, ""},
		{"a product of ranges", `[1..1e7].([1..1e7])`, BytesBudget},
		{"counting a long range", `$count([1..1e7])`, ""},
		{"mapping a long range", `$map([1..1e7], function($x){ [$x] })`, BytesBudget},
		{"summing a long range many times", `$sum([1..1e7]) + $sum([1..1e7]) + $sum([1..1e7]) + $sum([1..1e7]) + $sum([1..1e7]) + $sum([1..1e7])`, StepsBudget},
		{"$distinct of many objects", `$distinct([1..100000].{"a": $})`, TimeBudget},
		{"sorting", `$sort([1..1e6], function($a, $b){ $a < $b })`, BytesBudget},
		{"nested far by recursion", `($f := function($x, $n){ $n = 0 ? $x : $f([[$x]], $n - 1) }; $f(1, 100000))`, DepthBudget},
		{"printing what is nested far", `($f := function($x, $n){ $n = 0 ? $x : $f({"a": $x}, $n - 1) }; $string($f(1, 100000)))`, DepthBudget},
		{"comparing what is nested far", `($f := function($x, $n){ $n = 0 ? $x : $f({"a": $x}, $n - 1) }; $f(1, 100000) = $f(1, 100000))`, DepthBudget},
		{"an exponential regular expression", `$match("` + strings.Repeat("a", 40) + `!", /^(a+)+$/)`, TimeBudget},
		{"joining", `$join([1..1e6].("` + strings.Repeat("x", 1000) + `"))`, BytesBudget},
		{"replacing", `($f := function($x){ $f($replace($x, "a", "aa")) }; $f("aaaa"))`, BytesBudget},
		{"splitting", `($s := $pad("", 1e7, "a"); $split($s, ""))`, BytesBudget},
		{"zipping", `$zip([1..1e7],[1..1e7],[1..1e7],[1..1e7])`, BytesBudget},
		{"descendants of what repeats itself", `($f := function($x){ $f([$x, $x]) }; $f(1))`, TimeBudget},
		{"a picture", `$formatNumber(1, $pad("0", 1e6, "0"))`, BytesBudget},
		{"many terms", strings.Repeat("1+", 9000) + "1", DepthBudget},
		{"big numbers", `$power(10, 308) * 10`, ""},
		{"spreading", `$spread([1..1e6].{"a":1,"b":2})`, BytesBudget},
		{"reversing", `$reverse($reverse($reverse($reverse($reverse($reverse([1..1e6]))))))`, BytesBudget},
		{"range of AWS", `$range(1, 1e9, 1)`, ""},
		{"shuffling", `$shuffle([1..1e7])`, BytesBudget},
		{"trimming", `$trim($pad("", 1e7, "a "))`, BytesBudget},
		{"upper case", `$uppercase($pad("", 5e6, "é"))`, BytesBudget},
		{"an address", `$encodeUrl($pad("", 5e6, "é"))`, BytesBudget},
		{"base 64", `$base64decode($pad("", 1e7, "A"))`, BytesBudget},
		{"a hash", `$hash($pad("", 1e7, "A"), "MD5")`, BytesBudget},
		{"a pattern in a long text", `$contains($pad("", 1e7, "a"), /b/)`, BytesBudget},
		{"a pattern called with a long text", `/b/($pad("", 1e7, "a"))`, BytesBudget},
		{"a long number", `$number($pad("", 1e7, "1"))`, BytesBudget},
		{"a number of many words", `$parseInteger($pad("one", 1e6, " thousand"), "w")`, BytesBudget},
		{"a moment of many words", `$toMillis($pad("one", 1e6, "one "), "[Yw]")`, BytesBudget},
		{"parsing", `$parse("[" & $pad("", 3e6, "{},") & "1]")`, BytesBudget},
		{"ranges in the result", `[[1..1e6],[1..1e6]]`, BytesBudget},
		{"a result that holds the same in many places", `($f := function($x, $n){ $n = 0 ? $x : $f({"a":$x, "b":$x}, $n - 1) }; $f(1, 60))`, BytesBudget},
		{"places that are asked for often", `[1..1e5][[1..1e5]]`, StepsBudget},
		{"wildcards", `($x := {"a":[1..1e6]}; $x.* ~> $append($x.*) ~> $append($x.*) ~> $append($x.*))`, BytesBudget},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := Compile(c.expr)
			if err != nil {
				t.Fatal(err)
			}
			budget := Budget{Bytes: 16 << 20, Steps: 10_000_000, Time: time.Minute}
			if c.want == TimeBudget {
				budget.Time = 300 * time.Millisecond
			}
			start := time.Now()
			_, err = e.Eval(t.Context(), Input{Budget: budget})
			took := time.Since(start)
			var got Budgeted
			if f, ok := errors.AsType[*Error](err); ok {
				got = f.Budget
				if strings.Contains(f.Message, "internal") {
					t.Error(f)
				}
			}
			if got != c.want && (c.want == "" || got == "") {
				t.Errorf("%v, want budget %q", err, c.want)
			}
			if took > hang {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestDeepTextIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Repeat("(", 1e6), strings.Repeat("[", 1e6), strings.Repeat(`{"a":`, 1e6), strings.Repeat("-", 1e6),
		strings.Repeat("a.", 1e5) + "a", strings.Repeat("1+", 1e6) + "1", strings.Repeat("a?b:", 1e6) + "c", strings.Repeat("a[", 1e6),
		strings.Repeat("f(", 1e6), strings.Repeat("a{", 1e6), strings.Repeat("function(){", 1e5), strings.Repeat("a", 1e6),
		"a" + strings.Repeat("[0]", 1e5), "a" + strings.Repeat("^(a)", 1e5), "$x" + strings.Repeat(":=$x", 1e5), strings.Repeat("%.", 1e5),
	} {
		e, err := Compile(text)
		if err == nil {
			_, err = e.Eval(t.Context(), Input{})
		}
		if err != nil && strings.Contains(err.Error(), "internal") {
			t.Errorf("%.20s…: %v", text, err)
		}
	}
}

// What a message shows of a value has an end, too.
func TestMessagesAreNotEndless(t *testing.T) {
	t.Parallel()
	e, err := Compile(`-$pad("", 1e7, "é")`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Eval(t.Context(), Input{Budget: Budget{Time: time.Minute}})
	if f, ok := errors.AsType[*Error](err); !ok || f.Code != "D1002" || len(f.Message) > 1<<18 || !utf8.ValidString(f.Message) {
		t.Errorf("%.100v", err)
	}
}

func TestTheContextEndsAnEvaluation(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the execution was stopped")
	cancel(why)
	e, err := Compile(`($f := function(){ $f() }; $f())`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Eval(ctx, Input{})
	if f, ok := errors.AsType[*Error](err); !ok || f.Budget != ContextEnded || !errors.Is(err, why) {
		t.Error(err)
	}
}

// One compiled expression serves many goroutines at once.
func TestAnExpressionIsShared(t *testing.T) {
	t.Parallel()
	e, err := Compile(`($f := function($x){ $x.price * $x.qty }; {
		"total": $sum($map($states.input.items, $f)), "names": $states.input.items^(>price).sku[],
		"found": $match($string($states.input.items[0]), /"sku":"(x\d)"/).groups,
		"changed": $states.input ~> |items|{"price": price + 1}, ["qty"]|,
		"parents": $states.input.items.tags.{"of": %.sku, "tag": $}
	})`)
	if err != nil {
		t.Fatal(err)
	}
	states := value.Raw(`{"input":{"items":[{"sku":"x1","qty":2,"price":10,"tags":["a"]},{"sku":"x2","qty":1,"price":99.5,"tags":["b","c"]}]}}`)
	want, err := e.Eval(t.Context(), Input{Bindings: map[string]value.Value{"states": states}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string)
	for range 8 {
		go func() {
			for range 50 {
				got, err := e.Eval(context.Background(), Input{Bindings: map[string]value.Value{"states": states}})
				if err != nil || got.JSON() != want.JSON() {
					done <- got.JSON()
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if other := <-done; other != "" {
			t.Error(other)
		}
	}
}
