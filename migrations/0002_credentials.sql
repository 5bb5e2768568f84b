-- What verified signatures need: which keys may be used, and what may not be used twice.

-- A key with a session token is a temporary one. `expires_at` is in milliseconds since 1970-01-01 UTC.
alter table access_keys add column status text not null default 'active'
    check (status in ('active', 'inactive'));
alter table access_keys add column expires_at bigint;
alter table access_keys add column session_token text;

-- A token is looked for without its key: whose it is tells one error from another.
create index access_keys_session_token on access_keys (provider, session_token)
    where session_token is not null;

-- Nonces of requests that were accepted. After `expires_at` the request itself would be too old. A key need not be
-- there any more.
create table nonces (
    provider   text   not null,
    key_id     text   not null,
    nonce      text   not null,
    expires_at bigint not null,
    primary key (provider, key_id, nonce)
);

create index nonces_expires_at on nonces (expires_at);
