//! The store's file: a copy of every object, written before a write is acknowledged.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use super::{Key, Version};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

/// `resource`, `namespace` and `name` to the object's JSON.
const OBJECTS: TableDefinition<(&str, &str, &str), &[u8]> = TableDefinition::new("objects");
/// The one row `revision` holds the newest resource version.
const CLUSTER: TableDefinition<&str, u64> = TableDefinition::new("cluster");
/// What clients know the cluster by: its authority and its administrator's token.
const SECRETS: TableDefinition<&str, &str> = TableDefinition::new("secrets");

/// Why the store's file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The database refuses.
    #[error("sandbox data file")]
    Database(#[source] Box<redb::Error>),
    /// The file cannot be made.
    #[error("sandbox data file")]
    Create(#[source] std::io::Error),
    /// An object in the file is not JSON.
    #[error("sandbox data file: {0}")]
    Json(String),
}

impl<E: Into<redb::Error>> From<E> for FileError {
    fn from(error: E) -> Self {
        Self::Database(Box::new(error.into()))
    }
}

/// An open data file.
pub(crate) struct File {
    database: Database,
}

/// What a data file holds.
pub(crate) struct Contents {
    /// Every object.
    pub(crate) objects: BTreeMap<Key, Arc<Version>>,
    /// The newest resource version.
    pub(crate) revision: u64,
}

impl File {
    /// Opens or creates the file and reads it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Contents), FileError> {
        // Secrets are in it: for its owner alone.
        let mut create = OpenOptions::new();
        create.append(true).create(true).mode(0o600);
        create.open(path).map_err(FileError::Create)?;
        let database = Database::create(path)?;
        let transaction = database.begin_write()?;
        transaction.open_table(SECRETS)?;
        transaction.open_table(OBJECTS)?;
        transaction.open_table(CLUSTER)?;
        transaction.commit()?;
        let contents = read(&database)?;
        Ok((Self { database }, contents))
    }

    /// What was kept under a name.
    pub(super) fn secret(&self, name: &str) -> Result<Option<String>, FileError> {
        let transaction = self.database.begin_read()?;
        let secret = transaction.open_table(SECRETS)?.get(name)?;
        Ok(secret.map(|row| row.value().to_owned()))
    }

    /// Keeps a text under a name.
    pub(super) fn keep_secret(&self, name: &str, secret: &str) -> Result<(), FileError> {
        let transaction = self.database.begin_write()?;
        transaction.open_table(SECRETS)?.insert(name, secret)?;
        transaction.commit()?;
        Ok(())
    }

    /// Makes one write durable; `None` removes the object.
    pub(crate) fn write(
        &self,
        key: &Key,
        object: Option<&str>,
        revision: u64,
    ) -> Result<(), FileError> {
        let transaction = self.database.begin_write()?;
        {
            let mut objects = transaction.open_table(OBJECTS)?;
            let row = (&*key.resource, key.namespace.as_str(), key.name.as_str());
            match object {
                Some(object) => objects.insert(row, object.as_bytes())?,
                None => objects.remove(row)?,
            };
            transaction
                .open_table(CLUSTER)?
                .insert("revision", revision)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn read(database: &Database) -> Result<Contents, FileError> {
    let transaction = database.begin_read()?;
    let mut objects = BTreeMap::new();
    let mut resources: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for row in transaction.open_table(OBJECTS)?.iter()? {
        let (key, value) = row?;
        let (resource, namespace, name) = key.value();
        let resource = resources
            .entry(resource.to_owned())
            .or_insert_with(|| Arc::from(resource))
            .clone();
        let object = Version::parse(value.value())
            .map_err(|error| FileError::Json(format!("{resource} {namespace}/{name}: {error}")))?;
        let key = Key {
            resource,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        objects.insert(key, Arc::new(object));
    }
    let revision = transaction
        .open_table(CLUSTER)?
        .get("revision")?
        .map_or(0, |row| row.value());
    Ok(Contents { objects, revision })
}
