-- Times are microseconds since 1970, UTC. JSON values are kept as the text that went in.

-- Counts the groups that were committed. After a COMMIT that failed the writer looks here
-- to learn whether it took effect.
create table commits (
	only integer primary key check (only = 1),
	n    integer not null
) strict;
insert into commits (only, n) values (1, 0);

create table definitions (
	id   integer primary key,
	hash blob not null unique check (length(hash) = 32), -- SHA-256 of text
	text text not null
) strict;

create table machines (
	arn         text not null unique,
	name        text not null unique,
	type        text not null check (type in ('STANDARD', 'EXPRESS')),
	definition  integer not null references definitions (id),
	role_arn    text not null,
	revision_id text not null,
	logging     text not null,
	tracing     text not null,
	encryption  text not null,
	deleting    integer not null default 0 check (deleting in (0, 1)),
	created     integer not null,
	updated     integer not null
) strict;
create index machines_by_name on machines (name collate nocase, name);

create table drafts (
	name     text not null unique,
	text     text not null,
	input    text not null,
	revision integer not null check (revision > 0),
	created  integer not null,
	updated  integer not null
) strict;

-- What is known about the executions of a machine without reading them. A tally outlives
-- its machine, as executions do.
create table tallies (
	id           integer primary key,
	machine_arn  text not null unique,
	machine_name text not null,
	running      integer not null default 0 check (running >= 0),
	succeeded    integer not null default 0,
	failed       integer not null default 0,
	timed_out    integer not null default 0,
	aborted      integer not null default 0,
	last         integer -- newest execution
) strict;

create table executions (
	id               integer primary key,
	arn              text not null unique,
	name             text not null,
	tally            integer not null references tallies (id),
	type             text not null check (type in ('STANDARD', 'EXPRESS')),
	status           text not null check (status in ('RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED')),
	started          integer not null,
	stopped          integer,
	definition       integer not null references definitions (id),
	trace_header     text not null,
	revision_id      text not null,
	role_arn         text not null,
	parent_execution integer,
	parent_token     integer,
	parent_pattern   text,
	error            text,
	cause            text,
	input            text,
	output           text,
	origin           blob, -- interp.Scope.Row of the origin, while it runs
	check ((status = 'RUNNING') = (stopped is null)),
	check ((parent_execution is null) = (parent_token is null))
) strict;
-- The lists choose from these alone and fetch only the rows they show.
create index executions_by_machine on executions (tally, id, status, name);
create index executions_by_status on executions (status, id, name);
create index executions_by_age on executions (id, name);

-- Running executions only. Scopes, jobs, timers and children belong to a head and go with
-- it; a foreign key each would cost a fifth of the writer's time. Most steps answer the
-- one job of the root scope and make the next one: it lies here, beside what changes
-- anyway, as long as nothing is known of it but what it is. What happens to it later
-- moves it to jobs.
create table heads (
	execution   integer primary key references executions (id),
	tally       integer not null references tallies (id),
	revision    integer not null,
	more        integer not null check (more in (0, 1)), -- interp.Exec.More
	kept        integer not null check (kept in (0, 1)), -- scopes, jobs, timers, children or human tasks may exist
	head        blob not null,                           -- interp.Exec.Head
	root        blob,                                    -- interp.Scope.Row of the root scope: it changes with nearly every head
	job_token   integer,
	job_created integer,
	job_run     blob,
	check ((job_token is null) = (job_run is null))
) strict;
create index heads_more on heads (execution) where more = 1;

-- All scopes but the root and the origin.
create table scopes (
	execution integer not null,
	scope     integer not null,
	row       blob not null, -- interp.Scope.Row
	primary key (execution, scope)
) strict, without rowid;

-- The history. All events of one step lie in one row, unless the step is very long.
create table steps (
	id        integer primary key,
	execution integer not null,
	first     integer not null check (first > 0),
	last      integer not null check (last >= first),
	events    blob not null
) strict;
create unique index steps_by_event on steps (execution, last);

create table jobs (
	execution integer not null,
	token     integer not null,
	hash      blob check (length(hash) = 32), -- SHA-256 of the task token, where somebody outside may have it
	activity  text,                                  -- its ARN, when it is one
	started   integer not null check (started in (0, 1)),
	attached  integer not null check (attached in (0, 1)), -- timers, a human task or a child may exist
	created   integer not null,
	run       blob not null,
	primary key (execution, token)
) strict, without rowid;
create unique index jobs_by_hash on jobs (hash) where hash is not null;
create index jobs_by_activity on jobs (activity, created, execution, token) where activity is not null and started = 0;

create table timers (
	execution integer not null,
	token     integer not null,
	kind      text not null check (kind in ('core', 'timeout', 'heartbeat')),
	due       integer not null,
	primary key (execution, token, kind)
) strict, without rowid;
create index timers_by_due on timers (due);

-- Nested executions that an open job waits for.
create table children (
	execution integer not null, -- the parent
	token     integer not null,
	child     integer not null references executions (id),
	primary key (execution, token, child)
) strict, without rowid;

create table activities (
	arn     text not null unique,
	name    text not null,
	created integer not null
) strict;
create index activities_by_name on activities (name collate nocase, arn);

create table human_tasks (
	id               text not null unique,
	execution        integer not null references executions (id),
	token            integer not null,
	machine_name     text not null,
	state_name       text not null,
	title            text not null,
	description      text not null,
	assignee         text not null,
	candidate_users  text not null, -- JSON arrays of strings
	candidate_groups text not null,
	form             text,
	ui_schema        text,
	defaults         text,
	summary          text not null,
	outcomes         text not null,
	fail_on          text not null,
	due              integer,
	priority         integer not null,
	status           text not null check (status in ('open', 'decided', 'cancelled')),
	created          integer not null,
	closed           integer,
	outcome          text not null default '',
	comment          text not null default '',
	decided_by       text not null default '',
	data             text,
	unique (execution, token),
	check ((status = 'open') = (closed is null))
) strict;
-- One for each order of the inbox; 9223372036854775807 puts tasks without due time last.
create index human_tasks_due on human_tasks (ifnull(due, 9223372036854775807), -created, id) where status = 'open';
create index human_tasks_newest on human_tasks (-created, id) where status = 'open';
create index human_tasks_priority on human_tasks (-priority, -created, id) where status = 'open';
create index human_tasks_decided on human_tasks (-closed, id) where status = 'decided';
