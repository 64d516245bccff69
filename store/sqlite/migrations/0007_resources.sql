-- The encryption configuration of an activity as it was asked for: a JSON object, or nothing.
alter table activities add column encryption text not null default '';

-- Aliases are listed newest first.
create index aliases_by_age on aliases (machine, created, name);
