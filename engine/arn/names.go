package arn

import "strings"

// Names invents the names of one account in one region.
type Names struct {
	Account   string
	Region    string
	Partition string // default "aws", "aws-cn" and "aws-us-gov" by the region
}

func (n Names) name(resource ...string) string {
	p := n.Partition
	if p == "" {
		p = PartitionOf(n.Region)
	}
	return ARN{Partition: p, Service: "states", Region: n.Region, Account: n.Account, Resource: strings.Join(resource, ":")}.String()
}

// PartitionOf tells the partition a region lies in.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// Machine names a state machine.
func (n Names) Machine(name string) string { return n.name(string(Machine), name) }

// Qualified names a version or an alias of a state machine.
func (n Names) Qualified(machine, qualifier string) string {
	return n.name(string(Machine), machine, qualifier)
}

// Execution names an execution of a standard state machine; machine may be "name/label".
func (n Names) Execution(machine, name string) string {
	return n.name(string(Execution), machine, name)
}

// Express names an execution of an express state machine.
func (n Names) Express(machine, name, uuid string) string {
	return n.name(string(Express), machine, name, uuid)
}

// Activity names an activity.
func (n Names) Activity(name string) string { return n.name(string(Activity), name) }

// MapRun names one run of a Distributed Map state.
func (n Names) MapRun(machine, label, uuid string) string {
	return n.name(string(MapRun), machine+"/"+label, uuid)
}
