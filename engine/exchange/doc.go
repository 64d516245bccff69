// Package exchange reads state machines out of files and writes them into files: Amazon
// States Language as JSON and YAML, templates of CloudFormation (written by hand or
// synthesised by CDK) and SAM, and Terraform. It is pure: bytes in, machines out; it opens
// no file, asks no service and runs nothing.
//
// Every format becomes the same tree of nodes first, which remember their places (json.go,
// yaml.go, hcl.go). A template's functions and a module's expressions are then followed as
// far as the files tell (intrinsic.go, expression.go). What they do not tell, the ARN of a
// Lambda function for example, is a hole: a piece of a text with a name. A definition keeps
// its holes as ${name}, the form that the editor and the validator know as placeholders, and
// Fill puts values in.
//
// Three verbs:
//
//	Read(files []File, known Known) (Import, error)             // finds machines, placeholders, notes
//	Fill(m Machine, values map[string]string) (Machine, error)  // *Unfilled names what is missing
//	Write(m Machine, f Format) ([]byte, error)                  // Read reads it back
//
// and, for pages and programs, the verbs of package engine on top of them:
//
//	ReadImport(files []exchange.File) (exchange.Import, error)
//	FinishImport(ctx, FinishImport{Machines, Activities, Values, Publish, Replace}) ([]Imported, error)
//	Export(ctx, name string, format exchange.Format) (Exported, error)
//
// An Import is plain data with JSON names, so that a form can carry it from one page to the
// next. Over HTTP there are POST /api/import (FinishImport as JSON) and GET
// /workflows/:name/export?format=… (Export as a download).
//
// Files are somebody else's: nothing outside of the given files is read whatever they name,
// archives stay in memory, and depth, size and work are bounded, so that aliases of aliases or
// locals of locals end in an error with a place.
package exchange
