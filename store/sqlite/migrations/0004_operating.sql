-- Test case of the mock configuration that an execution was started with.
alter table executions add column test_case text not null default '';
