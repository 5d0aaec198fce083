//! The tables, made where they are missing.
// Parity: Helm, pkg/storage/driver/sql.go, ensureDBSetup; sql-migrate keeps account of what was done.

use tokio_postgres::{Client, Error};

/// What keeps account of the steps that were taken.
const ACCOUNT: &str = r#"CREATE TABLE IF NOT EXISTS "gorp_migrations" (
    "id" text NOT NULL PRIMARY KEY,
    "applied_at" timestamp with time zone
)"#;

/// The steps by name, in the order they are taken.
const STEPS: &[(&str, &str)] = &[
    (
        "custom_labels",
        "CREATE TABLE custom_labels_v1 (
            releaseKey VARCHAR(64),
            releaseNamespace VARCHAR(67),
            key VARCHAR(317),
            value VARCHAR(63)
        );
        CREATE INDEX ON custom_labels_v1 (releaseKey, releaseNamespace);
        GRANT ALL ON custom_labels_v1 TO PUBLIC;
        ALTER TABLE custom_labels_v1 ENABLE ROW LEVEL SECURITY;",
    ),
    (
        "init",
        "CREATE TABLE releases_v1 (
            key VARCHAR(90),
            type VARCHAR(64) NOT NULL,
            body TEXT NOT NULL,
            name VARCHAR(64) NOT NULL,
            namespace VARCHAR(64) NOT NULL,
            version INTEGER NOT NULL,
            status TEXT NOT NULL,
            owner TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            modifiedAt INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (key, namespace)
        );
        CREATE INDEX ON releases_v1 (key, namespace);
        CREATE INDEX ON releases_v1 (version);
        CREATE INDEX ON releases_v1 (status);
        CREATE INDEX ON releases_v1 (owner);
        CREATE INDEX ON releases_v1 (createdAt);
        CREATE INDEX ON releases_v1 (modifiedAt);
        GRANT ALL ON releases_v1 TO PUBLIC;
        ALTER TABLE releases_v1 ENABLE ROW LEVEL SECURITY;",
    ),
];

/// Takes the steps that were not taken yet; those who come at the same time wait for each other.
pub(super) async fn prepare(client: &Client) -> Result<(), Error> {
    if taken(client)
        .await
        .is_ok_and(|taken| missing(&taken).next().is_none())
    {
        return Ok(());
    }
    client
        .batch_execute("BEGIN; SELECT pg_advisory_xact_lock(hashtext('gorp_migrations'));")
        .await?;
    client.batch_execute(ACCOUNT).await?;
    let taken = taken(client).await?;
    for (name, statements) in missing(&taken) {
        client.batch_execute(statements).await?;
        let note = r#"INSERT INTO "gorp_migrations" ("id", "applied_at") VALUES ($1, now())"#;
        client.execute(note, &[name]).await?;
    }
    client.batch_execute("COMMIT").await
}

async fn taken(client: &Client) -> Result<Vec<String>, Error> {
    let rows = client
        .query(r#"SELECT "id" FROM "gorp_migrations""#, &[])
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

fn missing(taken: &[String]) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    STEPS
        .iter()
        .filter(|(name, _)| !taken.iter().any(|one| one == name))
}
