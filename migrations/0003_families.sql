-- The life around an instance: names, Regions and life cycle of its own, users and what they have, tags of whatever is
-- in it, and accounts that come, move and go.

-- A name that no two instances of a vendor share: it is part of an address.
alter table instances add column alias text;
alter table instances add column updated_at bigint not null default 0;
-- The organization whose instance it is; null for that of a single account, whatever becomes of the account.
alter table instances add column organization_id text;
-- The order of lists, and where their pages end.
alter table instances add column position bigint not null default 0;
-- What is in it has positions of its own, counted here: none is given twice. The old ones are below these.
alter table instances add column last_position bigint not null default 1000;
-- When what is under way is done: at a moment, or after so many looks at it. Nothing is under way where both are null.
alter table instances add column settles_at bigint;
alter table instances add column settles_after bigint;

update instances
   set updated_at = created_at,
       organization_id = (select owner.organization_id
                            from accounts owner
                           where owner.provider = instances.provider and owner.id = instances.owner_id
                             and owner.standing = 'management'),
       position = (select count(*)
                     from instances before
                    where before.provider = instances.provider and before.id <= instances.id);

-- Until now this vendor's unique names stood where others have a plain one, and two could be the same: then the first
-- keeps it, and the others are called like their ids, as one without a name is.
update instances
   set alias = name
 where provider = 'alibaba'
   and not exists (select 1
                     from instances before
                    where before.provider = instances.provider and before.name = instances.name
                      and before.id < instances.id);
update instances set name = null where provider = 'alibaba';

create unique index instances_alias on instances (provider, alias) where alias is not null;
-- One an organization too.
create unique index instances_organization on instances (provider, organization_id)
    where organization_id is not null;
create unique index instances_position on instances (provider, position);

-- The Regions to which an instance has been extended, besides the one that it lives in.
create table regions (
    provider      text   not null,
    instance_id   text   not null,
    region        text   not null,
    position      bigint not null,
    status        text   not null check (status in ('adding', 'removing', 'active')),
    added_at      bigint not null,
    settles_at    bigint,
    settles_after bigint,
    primary key (provider, instance_id, region),
    unique (provider, instance_id, position),
    foreign key (provider, instance_id) references instances (provider, id) on delete cascade
);

-- The Region that an organization has chosen before it has an instance.
create table registered_regions (
    provider        text   not null,
    organization_id text   not null,
    region          text   not null,
    created_at      bigint not null,
    primary key (provider, organization_id),
    foreign key (provider, organization_id) references organizations (provider, id)
);

-- A delegation is made elsewhere, and taken up or laid down here. A closed account is there, and may do nothing.
alter table accounts add column name text;
alter table accounts add column delegation text not null default 'enabled'
    check (delegation in ('enabled', 'disabled'));
alter table accounts add column status text not null default 'active'
    check (status in ('active', 'closed'));

create index accounts_organization on accounts (provider, organization_id);

-- `…_key` is what makes a name or an address equal to another one. `document` belongs to the vendor.
create table users (
    provider     text   not null,
    id           text   not null,
    instance_id  text   not null,
    position     bigint not null,
    name         text   not null,
    name_key     text   not null,
    given_name   text,
    family_name  text,
    display_name text,
    email        text,
    email_key    text,
    status       text   not null check (status in ('enabled', 'disabled')),
    origin       text   not null check (origin in ('manual', 'synchronized')),
    document     text   not null,
    created_at   bigint not null,
    updated_at   bigint not null,
    primary key (provider, id),
    unique (provider, instance_id, name_key),
    unique (provider, instance_id, position),
    foreign key (provider, instance_id) references instances (provider, id) on delete cascade
);

create unique index users_email on users (provider, instance_id, email_key) where email_key is not null;

-- What a user is called where it came from.
create table external_ids (
    provider    text not null,
    instance_id text not null,
    issuer      text not null,
    id          text not null,
    user_id     text not null,
    primary key (provider, instance_id, issuer, id),
    foreign key (provider, user_id) references users (provider, id) on delete cascade
);

create index external_ids_user on external_ids (provider, user_id);

-- Second factors that users have registered.
create table devices (
    provider      text   not null,
    id            text   not null,
    user_id       text   not null,
    position      bigint not null,
    name          text   not null,
    kind          text   not null,
    registered_at bigint not null,
    used_at       bigint,
    primary key (provider, id),
    unique (provider, user_id, position),
    foreign key (provider, user_id) references users (provider, id) on delete cascade
);

-- Tags are on an instance, or on something in it: they end with it.
create table tags_of_things (
    provider    text   not null,
    instance_id text   not null,
    resource_id text   not null,
    position    bigint not null,
    key         text   not null,
    value       text   not null,
    primary key (provider, resource_id, key),
    unique (provider, resource_id, position),
    foreign key (provider, instance_id) references instances (provider, id) on delete cascade
);

insert into tags_of_things (provider, instance_id, resource_id, position, key, value)
select provider, resource_id, resource_id, position + 1, key, value
  from tags;

drop table tags;
alter table tags_of_things rename to tags;

create index tags_instance on tags (provider, instance_id);
