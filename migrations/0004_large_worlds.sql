-- What a large world needs: what few rows have is found without going through all rows.

-- Before an instance is made, those whose deletion is done are swept away. There are few at any time.
create index instances_deleting on instances (provider) where status = 'deleting';

-- Whether anything will be done at a moment to come.
create index instances_settling on instances (settles_at) where settles_at is not null;
create index regions_settling on regions (settles_at) where settles_at is not null;

-- The tokens that die with an instance.
create index replays_instance on replays (provider, instance_id);
