-- Access keys of the AWS API. The secret is sealed with a key that is not in this file; it
-- goes when the access key is revoked.
create table access_keys (
	id      text    not null primary key,
	name    text    not null,
	roles   text    not null, -- separated by spaces
	sealed  blob,
	created integer not null,
	used    integer,
	revoked integer,
	check ((sealed is null) = (revoked is not null))
) strict, without rowid;
