// Package jsonata is JSONata 2.0.6: a lexer and a Pratt parser with positions, a resolved tree
// that does not change and may be evaluated by many goroutines at once, and an evaluator that
// works on value.Value.
//
// The measure is jsonata-js 2.0.6: results, order of keys, codes, tokens, positions and words
// of errors are its own, because AWS shows them to people. Where that engine depends on
// JavaScript (UTF-16 positions, number printing, the order of integer-like keys), so do we.
//
// Compile gives the language as Step Functions has it: $partition, $range, $hash, $random(seed),
// $uuid and $parse are there, $eval is not. CompileStandard gives the language of the official
// suite.
//
// We differ where jsonata-js depends on what nobody should depend on: when several parts of an
// array or object constructor fail, it reports the one whose promise was rejected first, we the
// first in the text; a partly applied built-in function works there on arguments of any type by
// JavaScript's conversions; positions that an earlier evaluation left on a built-in function
// stay there for the next. Numbers that nobody calculated with keep their literals here.
//
// Nothing that is written in an expression may stop or exhaust the process: an evaluation has a
// Budget of time, steps, depth and bytes, and obeys its context.
package jsonata
