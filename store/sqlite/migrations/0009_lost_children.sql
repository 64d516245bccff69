-- Children of map runs that ended without success: some of them cannot be redriven.
create index executions_lost on executions (map_run, started, stopped, items)
	where map_run is not null and status in ('FAILED', 'TIMED_OUT', 'ABORTED') and pending = 0;
