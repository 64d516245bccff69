-- A draft that was imported may be of an Express workflow; '' is Standard.
alter table drafts add column type text not null default '' check (type in ('', 'STANDARD', 'EXPRESS'));
