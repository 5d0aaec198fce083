//! Records in a PostgreSQL database.
// Parity: Helm, pkg/storage/driver/sql.go.

mod connection;
mod schema;
mod settings;
#[cfg(test)]
mod tests;
mod tls;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use helmrs_core::release::{Release, Status, record};
use helmrs_gotemplate::Ambient;
use tokio::sync::OnceCell;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row};

pub use settings::{SqlSettings, SslMode};

use super::{Driver, Selection, StorageError};

/// The type of every record, which says how it is written.
const TYPE: &str = "helm.sh/release.v1";

/// Who wrote every record.
const OWNER: &str = "helm";

/// The namespace of a release that names none.
const DEFAULT_NAMESPACE: &str = "default";

const SELECT: &str = "SELECT key, body FROM releases_v1 WHERE";

const INSERT: &str = "WITH written AS (INSERT INTO releases_v1 (key, type, body, name, namespace, version, status, owner, \
                      createdAt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)) INSERT INTO custom_labels_v1 (releaseKey, \
                      releaseNamespace, key, value) SELECT $1, $5, * FROM unnest($10::text[], $11::text[])";

const UPDATE: &str = "UPDATE releases_v1 SET body = $3, name = $4, version = $5, status = $6, owner = $7, modifiedAt = $8 \
                      WHERE key = $1 AND namespace = $2";

const DELETE: &str = "WITH gone AS (DELETE FROM custom_labels_v1 WHERE releaseKey = $1 AND releaseNamespace = $2) DELETE \
                      FROM releases_v1 WHERE key = $1 AND namespace = $2";

const LABELS: &str =
    "SELECT releaseKey, key, value FROM custom_labels_v1 WHERE releaseNamespace = $1";

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum SqlError {
    /// It is not said well enough where it is.
    #[error("{problem}")]
    Settings { problem: String },
    /// Nobody answers there.
    #[error("dial {address}: {problem}")]
    Dial { address: String, problem: String },
    /// It does not speak of encryption.
    #[error("pq: SSL is not enabled on the server")]
    NoEncryption,
    /// It refused.
    #[error("pq: {message} ({code})")]
    Refused { message: String, code: String },
    /// The session broke off.
    #[error("{problem}")]
    Broken { problem: String },
}

impl SqlError {
    fn settings(problem: String) -> Self {
        Self::Settings { problem }
    }

    /// Whether such a row is there already.
    fn is_already_there(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "23505")
    }
}

impl From<Error> for SqlError {
    fn from(error: Error) -> Self {
        if let Some(refusal) = error.as_db_error() {
            return Self::Refused {
                message: refusal.message().to_string(),
                code: refusal.code().code().to_string(),
            };
        }
        let problem = crate::error::chain(&error);
        if problem.contains("server does not support TLS") {
            return Self::NoEncryption;
        }
        Self::Broken { problem }
    }
}

/// A database, connected to when it is first asked.
///
/// Clones share the connection.
#[derive(Clone)]
pub struct Sql {
    settings: Arc<SqlSettings>,
    client: Arc<OnceCell<Client>>,
}

impl std::fmt::Debug for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sql").field(&self.settings).finish()
    }
}

impl Sql {
    /// The database these settings name.
    pub fn new(settings: SqlSettings) -> Self {
        Self {
            settings: Arc::new(settings),
            client: Arc::default(),
        }
    }

    /// Connects and makes the tables where they are missing, if that is not done yet.
    pub async fn connect(&self) -> Result<(), SqlError> {
        self.client().await.map(drop)
    }

    async fn client(&self) -> Result<&Client, SqlError> {
        self.client
            .get_or_try_init(|| connection::connect(&self.settings))
            .await
    }

    /// A driver that keeps records of a namespace; the empty one stands for all, for listing.
    pub(crate) fn driver(
        &self,
        namespace: &str,
        ambient: Arc<dyn Ambient + Send + Sync>,
    ) -> Arc<dyn Driver> {
        Arc::new(SqlDriver {
            database: self.clone(),
            namespace: namespace.to_string(),
            ambient,
        })
    }
}

struct SqlDriver {
    database: Sql,
    /// The namespace of the records; empty for all, which is for listing only.
    namespace: String,
    ambient: Arc<dyn Ambient + Send + Sync>,
}

type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

impl SqlDriver {
    async fn ask(&self, query: &str, parameters: Parameters<'_>) -> Result<Vec<Row>, SqlError> {
        Ok(self
            .database
            .client()
            .await?
            .query(query, parameters)
            .await?)
    }

    async fn tell(&self, statement: &str, parameters: Parameters<'_>) -> Result<u64, SqlError> {
        let client = self.database.client().await?;
        Ok(client.execute(statement, parameters).await?)
    }

    async fn read(&self, key: &str) -> Result<Release, StorageError> {
        let query = format!("{SELECT} key = $1 AND namespace = $2");
        let rows = self.ask(&query, &[&key, &self.namespace]).await;
        // Parity: whatever goes wrong here, the record counts as missing.
        let rows = rows.map_err(|_| StorageError::NotFound)?;
        let row = rows.first().ok_or(StorageError::NotFound)?;
        let (_, mut release) =
            decode(row).map_err(|problem| StorageError::Sql(SqlError::Broken { problem }))?;
        release.labels = self.labels().await?.remove(key).unwrap_or_default();
        Ok(release)
    }

    async fn select(&self, selection: &Selection) -> Result<Vec<Release>, StorageError> {
        let name = match selection {
            Selection::All => "",
            Selection::Name(name) | Selection::Deployed(name) => name,
        };
        let status = match selection {
            Selection::Deployed(_) => Status::Deployed.to_string(),
            Selection::All | Selection::Name(_) => String::new(),
        };
        let query = format!(
            "{SELECT} owner = $1 AND $2 IN ('', namespace) AND $3 IN ('', name) AND $4 IN ('', status)"
        );
        let rows = self
            .ask(&query, &[&OWNER, &self.namespace, &name, &status])
            .await?;
        let mut labels = self.labels().await?;
        let mut releases = Vec::new();
        for (key, mut release) in rows.iter().filter_map(|row| decode(row).ok()) {
            release.labels = labels.remove(&key).unwrap_or_default();
            if *selection == Selection::All {
                release.labels = record::labels(&release);
            }
            releases.push(release);
        }
        if releases.is_empty() && *selection != Selection::All {
            return Err(StorageError::NotFound);
        }
        Ok(releases)
    }

    /// The users' labels of the namespace's records, by key.
    // Parity: getReleaseCustomLabels asks for the driver's own namespace, so that a list of all has none.
    async fn labels(&self) -> Result<BTreeMap<String, BTreeMap<String, String>>, SqlError> {
        let mut labels: BTreeMap<String, BTreeMap<_, _>> = BTreeMap::new();
        for row in self.ask(LABELS, &[&self.namespace]).await? {
            let (key, name, value) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            labels.entry(key).or_default().insert(name, value);
        }
        let labels = labels.into_iter();
        Ok(labels
            .map(|(key, labels)| (key, record::custom_labels(&labels)))
            .collect())
    }

    async fn insert(&self, key: &str, release: &Release) -> Result<(), StorageError> {
        let body = encode(release)?;
        let (names, values): (Vec<_>, Vec<_>) =
            record::custom_labels(&release.labels).into_iter().unzip();
        let parameters: Parameters<'_> = &[
            &key,
            &TYPE,
            &body,
            &release.name,
            &namespace(release),
            &revision(release),
            &release.info.status.to_string(),
            &OWNER,
            &self.now(),
            &names,
            &values,
        ];
        match self.tell(INSERT, parameters).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_already_there() => Err(StorageError::AlreadyExists),
            Err(error) => Err(error.into()),
        }
    }

    async fn replace(&self, key: &str, release: &Release) -> Result<(), StorageError> {
        let body = encode(release)?;
        let parameters: Parameters<'_> = &[
            &key,
            &namespace(release),
            &body,
            &release.name,
            &revision(release),
            &release.info.status.to_string(),
            &OWNER,
            &self.now(),
        ];
        // Parity: that there is no such record is no error.
        self.tell(UPDATE, parameters).await?;
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), StorageError> {
        self.read(key).await?;
        self.tell(DELETE, &[&key, &self.namespace]).await?;
        Ok(())
    }

    fn now(&self) -> i32 {
        i32::try_from(self.ambient.now().unix()).unwrap_or(i32::MAX)
    }
}

fn namespace(release: &Release) -> &str {
    if release.namespace.is_empty() {
        DEFAULT_NAMESPACE
    } else {
        &release.namespace
    }
}

fn revision(release: &Release) -> i32 {
    i32::try_from(release.revision).unwrap_or(i32::MAX)
}

fn encode(release: &Release) -> Result<String, StorageError> {
    record::encode(release).map_err(|error| {
        let problem = error.to_string();
        StorageError::Sql(SqlError::Broken { problem })
    })
}

/// A row's key, and the release its body holds.
fn decode(row: &Row) -> Result<(String, Release), String> {
    let text = |place| {
        row.try_get::<_, String>(place)
            .map_err(|error| error.to_string())
    };
    let release = record::decode(text(1)?.as_bytes()).map_err(|error| error.to_string())?;
    Ok((text(0)?, release))
}

impl Driver for SqlDriver {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Release, StorageError>> {
        self.read(key).boxed()
    }

    fn query<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> BoxFuture<'a, Result<Vec<Release>, StorageError>> {
        self.select(selection).boxed()
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        self.insert(key, release).boxed()
    }

    fn update<'a>(
        &'a self,
        key: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        self.replace(key, release).boxed()
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>> {
        self.remove(key).boxed()
    }
}
