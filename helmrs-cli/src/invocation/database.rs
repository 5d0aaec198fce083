//! The database that releases are recorded in, as the environment names it.

use helmrs_client::storage::{Sql, SqlError, SqlSettings};

use crate::environment::{self, Environment, Variable};

/// What stands for the words of a connection string where it lacks them.
// Parity: lib/pq, connector.go: the variables of PostgreSQL's own programs.
const DEFAULTS: &[(Variable, &str)] = &[
    (environment::USER, "user"),
    (environment::PG_APP_NAME, "application_name"),
    (environment::PG_CONNECT_TIMEOUT, "connect_timeout"),
    (environment::PG_DATABASE, "dbname"),
    (environment::PG_HOST, "host"),
    (environment::PG_PASSWORD, "password"),
    (environment::PG_PORT, "port"),
    (environment::PG_SSL_CERT, "sslcert"),
    (environment::PG_SSL_KEY, "sslkey"),
    (environment::PG_SSL_MODE, "sslmode"),
    (environment::PG_SSL_ROOT_CERT, "sslrootcert"),
    (environment::PG_USER, "user"),
];

/// What a failure to use the database begins with.
pub(super) const UNUSABLE: &str = "unable to instantiate SQL driver";

/// The database, not connected to yet.
pub(super) fn named(environment: &Environment) -> Result<Sql, SqlError> {
    let mut defaults = SqlSettings::default();
    for (variable, word) in DEFAULTS {
        let value = environment.text(*variable);
        if !value.is_empty() {
            defaults.set(word, value)?;
        }
    }
    let text = environment.text(environment::DRIVER_SQL);
    Ok(Sql::new(SqlSettings::parse(&text, defaults)?))
}
