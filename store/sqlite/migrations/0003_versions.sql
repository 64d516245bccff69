-- A version is a machine as it was published once; it is never updated.
create table versions (
	machine     text not null references machines (arn) on delete cascade,
	number      integer not null check (number > 0),
	description text not null,
	definition  integer not null references definitions (id),
	role_arn    text not null,
	revision_id text not null,
	logging     text not null,
	tracing     text not null,
	encryption  text not null,
	updated     integer not null, -- of the machine, when it was published
	created     integer not null,
	primary key (machine, number),
	unique (machine, revision_id)
) strict, without rowid;

-- The highest number that a version of the machine was given: numbers do not come again.
alter table machines add column versions integer not null default 0;

-- Starts by an alias go to its first version, or with the rest of 100 to its second.
create table aliases (
	machine     text not null references machines (arn) on delete cascade,
	name        text not null,
	description text not null,
	first       integer not null,
	weight      integer not null check (weight between 0 and 100),
	second      integer,
	created     integer not null,
	updated     integer not null,
	primary key (machine, name),
	foreign key (machine, first) references versions (machine, number),
	foreign key (machine, second) references versions (machine, number),
	check (second is not null or weight = 100),
	check (second is null or second <> first)
) strict, without rowid;
create index aliases_by_first on aliases (machine, first);
create index aliases_by_second on aliases (machine, second);

-- Tags of machines and activities, in the order they came.
create table tags (
	id       integer primary key,
	resource text not null,
	key      text not null,
	value    text not null,
	unique (resource, key)
) strict;
create trigger tags_of_machines after delete on machines begin
	delete from tags where resource = old.arn;
end;
create trigger tags_of_activities after delete on activities begin
	delete from tags where resource = old.arn;
end;

-- What an execution was started by, when that was not the machine itself.
alter table executions add column version integer;
alter table executions add column alias text;
create index executions_by_version on executions (tally, version, id, status, name) where version is not null and map_run is null;
create index executions_by_alias on executions (tally, alias, id, status, name) where alias is not null and map_run is null;
