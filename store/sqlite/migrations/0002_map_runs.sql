-- Runs of Distributed Maps. Their children are executions like others, with map_run set.
create table map_runs (
	id                   integer primary key,
	arn                  text not null unique,
	execution            integer not null references executions (id),
	token                integer not null,
	state                text not null,
	status               text not null check (status in ('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED')),
	heard                integer not null check (heard in (0, 1)), -- the execution knows the end, or does not wait any more
	spec                 text not null,                            -- interp.MapSpec
	max_concurrency      integer not null,
	tolerated_count      integer,
	tolerated_percentage real,
	taken                integer not null default 0, -- items taken from the source
	exhausted            integer not null default 0 check (exhausted in (0, 1)),
	written              integer not null default 0,
	items_running        integer not null default 0 check (items_running >= 0),
	items_succeeded      integer not null default 0,
	items_failed         integer not null default 0,
	items_timed_out      integer not null default 0,
	items_aborted        integer not null default 0,
	items_pending        integer not null default 0, -- wait for their redrive
	running              integer not null default 0 check (running >= 0),
	succeeded            integer not null default 0,
	failed               integer not null default 0,
	timed_out            integer not null default 0,
	aborted              integer not null default 0,
	pending              integer not null default 0,
	started              integer not null,
	stopped              integer,
	redrive_count        integer not null default 0,
	redriven             integer,
	output               text,
	error                text not null default '',
	cause                text not null default '',
	check ((status = 'RUNNING') = (stopped is null))
) strict;
create index map_runs_by_execution on map_runs (execution, id);
create index map_runs_open on map_runs (id) where status = 'RUNNING' or heard = 0 or running > 0;

alter table executions add column map_run integer;                                 -- null: no child of a map run
alter table executions add column items integer not null default 0;                -- items that the child works on
alter table executions add column pending integer not null default 0 check (pending in (0, 1)); -- waits for its redrive
alter table heads add column map_run integer not null default 0;
alter table heads add column items integer not null default 0;
-- The machine that the children of a Distributed Map have in their names.
alter table tallies add column labelled integer not null default 0 check (labelled in (0, 1));

-- Children are listed by their run only: they stay out of the other lists.
drop index executions_by_machine;
drop index executions_by_status;
drop index executions_by_age;
create index executions_by_machine on executions (tally, id, status, name) where map_run is null;
create index executions_by_status on executions (status, id, name) where map_run is null;
create index executions_by_age on executions (id, name) where map_run is null;
create index executions_by_map_run on executions (map_run, id, status) where map_run is not null;
