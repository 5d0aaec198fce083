//! The way to a database.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config};

use super::settings::{SqlSettings, SslMode};
use super::{SqlError, tls};

/// What sessions are called on the server.
const APPLICATION: &str = "helm";

/// Connects and makes the tables where they are missing.
pub(super) async fn connect(settings: &SqlSettings) -> Result<Client, SqlError> {
    let connected = async {
        let client = if settings.host.starts_with('/') {
            over_socket(settings).await?
        } else {
            over_network(settings).await?
        };
        super::schema::prepare(&client).await?;
        Ok(client)
    };
    if settings.connect_timeout == 0 {
        return connected.await;
    }
    tokio::time::timeout(Duration::from_secs(settings.connect_timeout), connected)
        .await
        .unwrap_or_else(|_| {
            Err(SqlError::Dial {
                address: address(settings),
                problem: "i/o timeout".to_string(),
            })
        })
}

async fn over_socket(settings: &SqlSettings) -> Result<Client, SqlError> {
    let path = Path::new(&settings.host).join(format!(".s.PGSQL.{}", settings.port));
    let stream = UnixStream::connect(&path)
        .await
        .map_err(|error| SqlError::Dial {
            address: format!("unix {}", path.display()),
            problem: refused(&error),
        })?;
    open(settings, SslMode::Disable, stream).await
}

async fn over_network(settings: &SqlSettings) -> Result<Client, SqlError> {
    let host = settings.host.as_str();
    let addresses = tokio::net::lookup_host((host, settings.port))
        .await
        .map_err(|_| SqlError::Dial {
            address: "tcp".to_string(),
            problem: format!("lookup {host}: no such host"),
        })?;
    let mut failure = SqlError::Dial {
        address: address(settings),
        problem: "no suitable address found".to_string(),
    };
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // That small packets wait would be noticed only as slowness.
                let _ = stream.set_nodelay(true);
                return open(settings, settings.ssl_mode, stream).await;
            }
            Err(error) => {
                failure = SqlError::Dial {
                    address: format!("tcp {address}"),
                    problem: refused(&error),
                }
            }
        }
    }
    Err(failure)
}

/// Begins a session over a connection; what keeps it going runs beside whoever uses it.
async fn open<S>(settings: &SqlSettings, mode: SslMode, stream: S) -> Result<Client, SqlError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut encryption = tls::encryption(settings, mode)?;
    let encryption = MakeTlsConnect::<S>::make_tls_connect(&mut encryption, &settings.host)
        .map_err(|error| SqlError::settings(error.to_string()))?;
    let (client, connection) = configuration(settings, mode)
        .connect_raw(stream, encryption)
        .await?;
    tokio::spawn(async move {
        // Whoever asks next is told that the session has ended.
        let _ = connection.await;
    });
    Ok(client)
}

fn configuration(settings: &SqlSettings, mode: SslMode) -> Config {
    let mut config = Config::new();
    let database = if settings.database.is_empty() {
        &settings.user
    } else {
        &settings.database
    };
    config.user(&settings.user).dbname(database);
    if let Some(password) = &settings.password {
        config.password(password);
    }
    config.ssl_mode(match mode {
        SslMode::Disable => tokio_postgres::config::SslMode::Disable,
        SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
            tokio_postgres::config::SslMode::Require
        }
    });
    config.application_name(APPLICATION);
    let mut options = Vec::new();
    for (name, value) in &settings.parameters {
        match name.as_str() {
            "application_name" => {
                config.application_name(value);
            }
            "options" => options.push(value.clone()),
            name => options.push(format!("-c {name}={}", escaped(value))),
        }
    }
    if !options.is_empty() {
        config.options(options.join(" "));
    }
    config
}

/// A value among options, where spaces separate and backslashes escape.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(' ', "\\ ")
}

fn address(settings: &SqlSettings) -> String {
    format!("tcp {}:{}", settings.host, settings.port)
}

fn refused(error: &io::Error) -> String {
    format!("connect: {}", crate::error::operating_system(error))
}
