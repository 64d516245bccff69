-- What is logged of an execution, and where: level, 1 with data or 0, log group.
create table loggings (
	id   integer primary key,
	text text not null unique
) strict;
alter table executions add column logging integer references loggings (id); -- null: nothing

-- What waits to be logged: a row of steps, or events that no row of steps has. The ids are
-- used again when nothing waits; whoever has read some forgets no others.
create table unlogged (
	id        integer primary key,
	execution integer not null,
	redrives  integer not null,
	step      integer,
	first     integer,
	events    blob,
	check ((step is null) = (events is not null))
) strict;
