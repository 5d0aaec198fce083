//! What a connection string says.
// Parity: lib/pq, connector.go and url.go.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::SqlError;

/// Where a database is, and as whom to use it.
#[derive(Clone, PartialEq, Eq)]
pub struct SqlSettings {
    /// A name, an address, or the folder of a socket.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Who asks.
    pub user: String,
    /// How to prove it, if that is needed.
    pub password: Option<String>,
    /// The database's name; the user's, if it is empty.
    pub database: String,
    /// Whether the connection is encrypted, and what is checked.
    pub ssl_mode: SslMode,
    /// The authorities to trust, instead of the system's.
    pub root_certificate: Option<PathBuf>,
    /// The certificate to show.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
    /// How many seconds connecting may take; zero for any number.
    pub connect_timeout: u64,
    /// Settings of the session, as the server knows them.
    pub parameters: BTreeMap<String, String>,
}

/// Whether a connection is encrypted, and what is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// It is not.
    Disable,
    /// It is if the server can.
    Prefer,
    /// It is; who the server is matters only where authorities are named.
    #[default]
    Require,
    /// An authority vouches for the server, under whatever name.
    VerifyCa,
    /// An authority vouches for the server under its name.
    VerifyFull,
}

impl Default for SqlSettings {
    fn default() -> Self {
        Self {
            host: "localhost".to_string(),
            port: 5432,
            user: String::new(),
            password: None,
            database: String::new(),
            ssl_mode: SslMode::default(),
            root_certificate: None,
            certificate: None,
            key: None,
            connect_timeout: 0,
            parameters: BTreeMap::new(),
        }
    }
}

impl fmt::Debug for SqlSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The password is nobody's business.
        f.debug_struct("SqlSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl SqlSettings {
    /// Reads a connection string over settings that hold where it says nothing.
    ///
    /// It is a URL, `postgres://user:password@host:port/database?sslmode=disable`, or words like `host=db user=helm`.
    pub fn parse(text: &str, defaults: Self) -> Result<Self, SqlError> {
        let mut settings = defaults;
        let words = if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            words_of_url(text)?
        } else {
            words(text)?
        };
        for (name, value) in words {
            settings.set(&name, value)?;
        }
        Ok(settings)
    }

    /// Sets what a word of a connection string names.
    pub fn set(&mut self, name: &str, value: String) -> Result<(), SqlError> {
        match name {
            "host" => self.host = value,
            "port" => self.port = number(name, &value)?,
            "user" => self.user = value,
            "password" => self.password = Some(value),
            "dbname" => self.database = value,
            "sslmode" => self.ssl_mode = SslMode::parse(&value)?,
            "sslrootcert" => self.root_certificate = file(value),
            "sslcert" => self.certificate = file(value),
            "sslkey" => self.key = file(value),
            "connect_timeout" => self.connect_timeout = number(name, &value)?,
            // What only other clients know what to do with.
            "fallback_application_name"
            | "sslinline"
            | "sslsni"
            | "passfile"
            | "binary_parameters"
            | "disable_prepared_binary_result" => {}
            _ => {
                self.parameters.insert(name.to_string(), value);
            }
        }
        Ok(())
    }
}

impl SslMode {
    fn parse(word: &str) -> Result<Self, SqlError> {
        match word {
            "disable" => Ok(Self::Disable),
            "allow" | "prefer" => Ok(Self::Prefer),
            "require" | "" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            other => Err(SqlError::settings(format!(
                "pq: wrong value for \"sslmode\": \"{other}\" is not supported; supported values are disable, allow, \
                 prefer, require, verify-full, or verify-ca"
            ))),
        }
    }
}

fn file(value: String) -> Option<PathBuf> {
    Some(value)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, SqlError> {
    value.parse().map_err(|_| {
        SqlError::settings(format!(
            "pq: wrong value for \"{name}\": strconv.ParseUint: parsing \"{value}\": invalid syntax"
        ))
    })
}

fn words_of_url(text: &str) -> Result<Vec<(String, String)>, SqlError> {
    // The text may hold a password and is not repeated.
    let url = Url::parse(text).map_err(|error| SqlError::settings(format!("parse: {error}")))?;
    let plain = |text: &str| {
        let bytes = percent_decoded(text);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let mut words = Vec::new();
    let mut add = |name: &str, value: String| words.push((name.to_string(), value));
    if !url.username().is_empty() {
        add("user", plain(url.username()));
    }
    if let Some(password) = url.password() {
        add("password", plain(password));
    }
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        add(
            "host",
            plain(host.trim_start_matches('[').trim_end_matches(']')),
        );
    }
    if let Some(port) = url.port() {
        add("port", port.to_string());
    }
    let database = plain(url.path().trim_start_matches('/'));
    if !database.is_empty() {
        add("dbname", database);
    }
    for (name, value) in url.query_pairs() {
        add(&name, value.into_owned());
    }
    Ok(words)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = match (first, behind) {
            (b'%', [high, low, ..]) => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|code| u8::from_str_radix(code, 16).ok()),
            _ => None,
        };
        if let Some(code) = code {
            decoded.push(code);
            rest = &behind[2..];
        } else {
            decoded.push(*first);
            rest = behind;
        }
    }
    decoded
}

/// The words of `name=value`, values in single quotes if they hold spaces, and backslashes before what is meant itself.
fn words(text: &str) -> Result<Vec<(String, String)>, SqlError> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|letter: char| letter.is_whitespace() || letter == '=')
            .unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let Some(behind) = behind.trim_start().strip_prefix('=') else {
            return Err(SqlError::settings(format!(
                "missing \"=\" after \"{name}\" in connection info string"
            )));
        };
        let (value, behind) = value(behind.trim_start())?;
        words.push((name.to_string(), value));
        rest = behind.trim_start();
    }
    Ok(words)
}

fn value(text: &str) -> Result<(String, &str), SqlError> {
    let (quoted, text) = match text.strip_prefix('\'') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, letter)) => value.push(letter),
                None => {
                    return Err(SqlError::settings(
                        "missing character after backslash".to_string(),
                    ));
                }
            },
            '\'' if quoted => return Ok((value, &text[place + 1..])),
            letter if !quoted && letter.is_whitespace() => return Ok((value, &text[place..])),
            letter => value.push(letter),
        }
    }
    if quoted {
        let problem = "unterminated quoted string literal in connection string";
        return Err(SqlError::settings(problem.to_string()));
    }
    Ok((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SqlSettings, String> {
        SqlSettings::parse(text, SqlSettings::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_names_everything() {
        let settings =
            parse("postgresql://he%40lm:s%20p@db:5433/releases?sslmode=disable&search_path=x");
        let settings = settings.unwrap();
        assert_eq!(
            (
                &*settings.host,
                settings.port,
                &*settings.user,
                &*settings.database
            ),
            ("db", 5433, "he@lm", "releases")
        );
        assert_eq!(settings.password.as_deref(), Some("s p"));
        assert_eq!(settings.ssl_mode, SslMode::Disable);
        assert_eq!(settings.parameters["search_path"], "x");
    }

    #[test]
    fn words_name_everything_too() {
        let settings =
            parse(r"host = /run/pg user='a b' password=x\'y dbname='it\'s' sslmode=verify-full")
                .unwrap();
        assert_eq!(settings.host, "/run/pg");
        assert_eq!((&*settings.user, &*settings.database), ("a b", "it's"));
        assert_eq!(settings.password.as_deref(), Some("x'y"));
        assert_eq!(settings.ssl_mode, SslMode::VerifyFull);
    }

    #[test]
    fn what_is_no_connection_string_is_said_to_be_none() {
        let refused = |text| parse(text).unwrap_err();
        assert_eq!(
            refused("garbage"),
            "missing \"=\" after \"garbage\" in connection info string"
        );
        assert_eq!(
            refused("host='a"),
            "unterminated quoted string literal in connection string"
        );
        assert!(refused("sslmode=weird").contains("\"weird\" is not supported"));
    }

    #[test]
    fn a_password_is_not_shown() {
        let settings = parse("user=helm password=secret").unwrap();
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
