-- The estate of one world: who exists, who may sign, and which instances there are.
--
-- `provider` scopes every row: the three vendors share the tables and never see each other's rows.
-- Only `text` and `bigint` columns, so that one SQL text serves more than one database.
-- Times are milliseconds since 1970-01-01 UTC.

create table meta (
    name  text not null primary key,
    value text not null
);

create table organizations (
    provider text not null,
    id       text not null,
    primary key (provider, id)
);

create table accounts (
    provider        text not null,
    id              text not null,
    organization_id text,
    standing        text not null
        check (standing in ('management', 'delegated_administrator', 'member', 'standalone')),
    primary key (provider, id),
    foreign key (provider, organization_id) references organizations (provider, id),
    check ((standing = 'standalone') = (organization_id is null))
);

-- An organization has one management account.
create unique index accounts_management on accounts (provider, organization_id)
    where standing = 'management';

create table access_keys (
    provider   text not null,
    id         text not null,
    account_id text not null,
    secret     text not null,
    primary key (provider, id),
    foreign key (provider, account_id) references accounts (provider, id)
);

-- The service is enabled for an organization when it has a row here.
create table services (
    provider        text   not null,
    organization_id text   not null,
    enabled_at      bigint not null,
    primary key (provider, organization_id),
    foreign key (provider, organization_id) references organizations (provider, id)
);

-- One instance an account, in whichever Region: held here, so that no race can break it.
create table instances (
    provider          text   not null,
    id                text   not null,
    owner_id          text   not null,
    identity_store_id text   not null,
    name              text,
    region            text   not null,
    status            text   not null
        check (status in ('creating', 'create_failed', 'deleting', 'active')),
    created_at        bigint not null,
    primary key (provider, id),
    unique (provider, owner_id),
    unique (provider, identity_store_id),
    foreign key (provider, owner_id) references accounts (provider, id)
);

-- A named document of an instance. Its content belongs to the vendor.
create table settings (
    provider    text not null,
    instance_id text not null,
    name        text not null,
    document    text not null,
    primary key (provider, instance_id, name),
    foreign key (provider, instance_id) references instances (provider, id) on delete cascade
);

-- `position` keeps the order in which tags were given.
create table tags (
    provider    text   not null,
    resource_id text   not null,
    position    bigint not null,
    key         text   not null,
    value       text   not null,
    primary key (provider, resource_id, key)
);

-- Answers given to requests that carried an idempotency token. A record dies with its instance.
create table replays (
    provider    text   not null,
    account_id  text   not null,
    operation   text   not null,
    token       text   not null,
    parameters  text   not null,
    answer      text   not null,
    instance_id text,
    created_at  bigint not null,
    primary key (provider, account_id, operation, token),
    foreign key (provider, instance_id) references instances (provider, id) on delete cascade
);
