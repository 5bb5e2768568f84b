-- What is looked for among many rows, of which few have it.

create index instances_deleting on instances (provider) where status = 'deleting';
create index instances_settling on instances (settles_at) where settles_at is not null;
create index regions_settling on regions (settles_at) where settles_at is not null;
