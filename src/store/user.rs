//! SQL of users.

use sqlx::any::AnyArguments;
use sqlx::query::QueryAs;
use sqlx::{Any, AssertSqlSafe};

use super::{Tx, instance, unknown_word};
use crate::domain::page::Page;
use crate::domain::user::{ExternalId, Filter, Origin, Status, User, key};
use crate::domain::{Provider, Result, Timestamp};

/// Adds a user, behind the others of its instance; whether it was added: not when its name or its address is taken.
pub async fn insert(tx: &mut Tx, provider: Provider, user: &User) -> Result<bool> {
    let position = instance::next_position(tx, provider, &user.instance).await?;
    let done = sqlx::query(
        "insert into users
                (provider, id, instance_id, name, name_key, given_name, family_name, display_name,
                 email, email_key, status, origin, document, created_at, updated_at, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict do nothing",
    )
    .bind(provider.0)
    .bind(&user.id)
    .bind(&user.instance)
    .bind(&user.name)
    .bind(key(&user.name))
    .bind(&user.given_name)
    .bind(&user.family_name)
    .bind(&user.display_name)
    .bind(&user.email)
    .bind(user.email.as_deref().map(key))
    .bind(user.status.as_str())
    .bind(user.origin.as_str())
    .bind(&user.document)
    .bind(user.created.0)
    .bind(user.updated.0)
    .bind(position)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down what can change of a user: its name and where it comes from cannot.
pub async fn update(tx: &mut Tx, provider: Provider, user: &User) -> Result<()> {
    sqlx::query(
        "update users
            set given_name = $3, family_name = $4, display_name = $5, email = $6, email_key = $7,
                status = $8, document = $9, updated_at = $10
          where provider = $1 and id = $2",
    )
    .bind(provider.0)
    .bind(&user.id)
    .bind(&user.given_name)
    .bind(&user.family_name)
    .bind(&user.display_name)
    .bind(&user.email)
    .bind(user.email.as_deref().map(key))
    .bind(user.status.as_str())
    .bind(&user.document)
    .bind(user.updated.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a user, and with it what refers to it.
pub async fn delete(tx: &mut Tx, provider: Provider, id: &str) -> Result<()> {
    sqlx::query("delete from users where provider = $1 and id = $2")
        .bind(provider.0)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The user by its id, in its instance.
pub async fn get(tx: &mut Tx, provider: Provider, instance: &str, id: &str) -> Result<Option<User>> {
    let row: Option<Row> = sqlx::query_as(
        "select position, id, instance_id, name, given_name, family_name, display_name, email,
                status, origin, document, created_at, updated_at
           from users
          where provider = $1 and instance_id = $2 and id = $3",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(user).transpose()?.map(|(_, user)| user))
}

/// The id of the user of this key of a name.
pub async fn by_name(tx: &mut Tx, provider: Provider, instance: &str, key: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select id
           from users
          where provider = $1 and instance_id = $2 and name_key = $3",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(key)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// The id of the user of this key of an address.
pub async fn by_email(tx: &mut Tx, provider: Provider, instance: &str, key: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select id
           from users
          where provider = $1 and instance_id = $2 and email_key = $3",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(key)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Notes what a user is called where it comes from.
pub async fn insert_external_id(
    tx: &mut Tx,
    provider: Provider,
    user: &User,
    external: &ExternalId,
) -> Result<()> {
    sqlx::query(
        "insert into external_ids (provider, instance_id, issuer, id, user_id)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(provider.0)
    .bind(&user.instance)
    .bind(&external.issuer)
    .bind(&external.id)
    .bind(&user.id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The id of the user that is called so where it comes from.
pub async fn by_external_id(
    tx: &mut Tx,
    provider: Provider,
    instance: &str,
    external: &ExternalId,
) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select user_id
           from external_ids
          where provider = $1 and instance_id = $2 and issuer = $3 and id = $4",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(&external.issuer)
    .bind(&external.id)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// What a user is called where it comes from.
pub async fn external_ids(tx: &mut Tx, provider: Provider, user: &str) -> Result<Vec<ExternalId>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select issuer, id
           from external_ids
          where provider = $1 and user_id = $2
          order by issuer, id",
    )
    .bind(provider.0)
    .bind(user)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(issuer, id)| ExternalId { issuer, id }).collect())
}

/// The users of an instance that are asked for: the rows of a page, with their positions.
pub async fn page(
    tx: &mut Tx,
    provider: Provider,
    instance: &str,
    filter: &Filter,
    page: Page,
) -> Result<Vec<(i64, User)>> {
    let columns = "position, id, instance_id, name, given_name, family_name, display_name, email,
                status, origin, document, created_at, updated_at";
    let next = PARAMETERS + 2 * filter.tags.len() + 1;
    let text = format!(
        "select {columns}
           from users u
          where {}
            and u.position > ${next}
          order by u.position
          limit ${} + 0",
        condition(filter),
        next + 1
    );
    let query = bound(sqlx::query_as(AssertSqlSafe(text)), provider, instance, filter);
    let rows: Vec<Row> = query.bind(page.after).bind(page.rows()).fetch_all(&mut **tx).await?;
    rows.into_iter().map(user).collect()
}

/// How many users of an instance there are that are asked for.
pub async fn count(tx: &mut Tx, provider: Provider, instance: &str, filter: &Filter) -> Result<usize> {
    let text = format!("select count(*) from users u where {}", condition(filter));
    let query = bound(sqlx::query_as(AssertSqlSafe(text)), provider, instance, filter);
    let (count,): (i64,) = query.fetch_one(&mut **tx).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// How many parameters the condition has before those of tags.
const PARAMETERS: usize = 6;

/// The condition of a filter, over `users u`. Only what is asked for is in it, so that indexes are used.
fn condition(filter: &Filter) -> String {
    let mut text = "u.provider = $1 and u.instance_id = $2".to_owned();
    let named = filter.name.is_some() || filter.name_begins.is_some();
    // A parameter that is not used must be there all the same: it is numbered.
    text.push_str(if named { " and u.name_key between $3 and $4" } else { " and $3 <= $4" });
    text.push_str(if filter.status.is_some() { " and u.status = $5" } else { " and $5 = ''" });
    text.push_str(if filter.origin.is_some() { " and u.origin = $6" } else { " and $6 = ''" });
    for (i, tag) in filter.tags.iter().enumerate() {
        let (key, value) = (PARAMETERS + 2 * i + 1, PARAMETERS + 2 * i + 2);
        let matches =
            if tag.value.is_some() { format!("t.value = ${value}") } else { format!("${value} = ''") };
        text.push_str(&format!(
            " and exists (select 1
                            from tags t
                           where t.provider = $1 and t.resource_id = u.id and t.key = ${key}
                             and {matches})"
        ));
    }
    text
}

fn bound<'q, O>(
    query: QueryAs<'q, Any, O, AnyArguments>,
    provider: Provider,
    instance: &str,
    filter: &Filter,
) -> QueryAs<'q, Any, O, AnyArguments> {
    let (low, high) = match (&filter.name, &filter.name_begins) {
        (Some(name), _) => (key(name), key(name)),
        // No character comes behind the last one.
        (None, Some(start)) => (key(start), format!("{}\u{10ffff}", key(start))),
        (None, None) => (String::new(), String::new()),
    };
    let mut query = query
        .bind(provider.0)
        .bind(instance.to_owned())
        .bind(low)
        .bind(high)
        .bind(filter.status.map(Status::as_str).unwrap_or_default())
        .bind(filter.origin.map(Origin::as_str).unwrap_or_default());
    for tag in &filter.tags {
        query = query.bind(tag.key.clone()).bind(tag.value.clone().unwrap_or_default());
    }
    query
}

type Row = (
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
    i64,
    i64,
);

fn user(row: Row) -> Result<(i64, User)> {
    let (
        position,
        id,
        instance,
        name,
        given,
        family,
        display,
        email,
        status,
        origin,
        document,
        created,
        updated,
    ) = row;
    let user = User {
        id,
        instance,
        name,
        given_name: given,
        family_name: family,
        display_name: display,
        email,
        status: Status::parse(&status).ok_or_else(|| unknown_word(&status))?,
        origin: Origin::parse(&origin).ok_or_else(|| unknown_word(&origin))?,
        document,
        created: Timestamp(created),
        updated: Timestamp(updated),
    };
    Ok((position, user))
}
