module bench

go 1.26.0

replace (
	first.statehouse => ../../../layout/first
	statehouse => ../../../..
)

require (
	github.com/recolabs/gnata v0.2.2
	statehouse v0.0.0-00010101000000-000000000000
)

require (
	github.com/dlclark/regexp2 v1.12.0 // indirect
	github.com/tidwall/gjson v1.18.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	golang.org/x/text v0.42.0 // indirect
)
