-- Test case of the mock configuration that an execution was started with.
alter table executions add column test_case text not null default '';

-- How often an execution was redriven, and when the last time.
alter table executions add column redrives integer not null default 0;
alter table executions add column redriven integer;

-- What is left of executions that did not succeed, for a redrive (interp.Exec.WreckRow).
create table wrecks (
	execution integer primary key references executions (id),
	closed    integer not null,
	state     blob not null
) strict;
create index wrecks_by_age on wrecks (closed);

-- Redrives that clients have named, so that they do not happen twice.
create table redrives (
	execution integer not null references executions (id),
	number    integer not null,
	token     text not null,
	at        integer not null,
	primary key (execution, number)
) strict, without rowid;
