//! Failures below HTTP, worded as Go words them.

use std::error::Error;
use std::io;

use http::Method;
use url::Url;

/// What is said of a server that does not answer a handshake with one.
pub(crate) const NOT_TLS: &str = "tls: first record does not look like a TLS handshake";

/// A method as Go's `url.Error` writes it: `Get`, `Post`.
pub(crate) fn operation(method: &Method) -> String {
    let lower = method.as_str().to_lowercase();
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What went wrong on the way to `address`, in Go's words where the cause is known.
pub(crate) fn problem(error: &(dyn Error + 'static), address: &str) -> String {
    let target = Url::parse(address).ok();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut last = error.to_string();
    while let Some(current) = cause {
        if let Some(text) = current
            .downcast_ref::<io::Error>()
            .and_then(|error| connection_problem(error, target.as_ref()))
        {
            return text;
        }
        if let Some(tls) = current.downcast_ref::<rustls::Error>() {
            return tls_problem(tls);
        }
        last = current.to_string();
        if last.starts_with("dns error") {
            return lookup_problem(target.as_ref());
        }
        if last == "connection closed before message completed" {
            return "EOF".to_string();
        }
        cause = match current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => current.source(),
        };
    }
    last
}

/// As [`problem`], of a server that may have been asked through a proxy.
// Parity: Go, net/http/transport.go, wrapErr: what is not dialled then is the proxy.
pub(crate) fn problem_through(
    proxy: Option<&Url>,
    error: &(dyn Error + 'static),
    address: &str,
) -> String {
    let of_proxy = proxy.map(|proxy| problem(error, proxy.as_str()));
    match of_proxy.filter(|problem| problem.starts_with("dial tcp")) {
        Some(problem) => format!("proxyconnect tcp: {problem}"),
        None => problem(error, address),
    }
}

fn connection_problem(error: &io::Error, target: Option<&Url>) -> Option<String> {
    let dial = |what: &str| target.map(|target| format!("dial tcp {}: {what}", dialled(target)));
    match error.kind() {
        io::ErrorKind::ConnectionRefused => dial("connect: connection refused"),
        io::ErrorKind::HostUnreachable => dial("connect: no route to host"),
        io::ErrorKind::NetworkUnreachable => dial("connect: network is unreachable"),
        io::ErrorKind::TimedOut if error.get_ref().is_none() => dial("i/o timeout"),
        io::ErrorKind::ConnectionReset => Some("read: connection reset by peer".to_string()),
        io::ErrorKind::UnexpectedEof if error.get_ref().is_none() => Some("EOF".to_string()),
        _ => None,
    }
}

/// The address dialled, with `localhost` resolved as every machine resolves it.
fn dialled(target: &Url) -> String {
    let host = match target.host_str() {
        Some("localhost") | None => "127.0.0.1",
        Some(host) => host,
    };
    format!(
        "{host}:{}",
        target.port_or_known_default().unwrap_or_default()
    )
}

fn lookup_problem(target: Option<&Url>) -> String {
    let host = target.and_then(Url::host_str).unwrap_or_default();
    let server = nameserver(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
    format!("dial tcp: lookup {host} on {server}: no such host")
}

/// The server that names are asked of.
// Parity: Go, net/dnsconfig_unix.go, dnsReadConfig, and DNSError of the resolver without libc.
fn nameserver(configuration: &str) -> String {
    let mut lines = configuration.lines();
    let server = lines.find_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let is_server = words.next() == Some("nameserver");
        words.next().filter(|_| is_server)
    });
    match server {
        Some(server) if server.contains(':') => format!("[{server}]:53"),
        server => format!("{}:53", server.unwrap_or("127.0.0.1")),
    }
}

/// The words of a name in camel case, as alerts are called: `CertificateRequired`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// A TLS failure in Go's words; the verifier words what is wrong with certificates.
fn tls_problem(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::Other(problem)) => {
            format!("tls: failed to verify certificate: {}", problem.0)
        }
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            NOT_TLS.to_string()
        }
        rustls::Error::AlertReceived(alert) => {
            format!("remote error: tls: {}", words(&format!("{alert:?}")))
        }
        other => format!("tls: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_server_is_asked_for_names() {
        let configuration = "# mine\nsearch lan\nnameserver 10.0.0.53\nnameserver 10.0.0.54\n";
        assert_eq!(nameserver(configuration), "10.0.0.53:53");
        assert_eq!(nameserver("nameserver fd00::1\n"), "[fd00::1]:53");
        assert_eq!(nameserver(""), "127.0.0.1:53");
    }

    #[test]
    fn a_refused_connection_names_the_address_dialled() {
        let error = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(
            problem(&error, "https://127.0.0.1:1"),
            "dial tcp 127.0.0.1:1: connect: connection refused"
        );
        assert_eq!(
            problem(&error, "http://localhost:8080"),
            "dial tcp 127.0.0.1:8080: connect: connection refused"
        );
        let proxy = Url::parse("http://127.0.0.1:3").ok();
        assert_eq!(
            problem_through(proxy.as_ref(), &error, "https://127.0.0.1:1"),
            "proxyconnect tcp: dial tcp 127.0.0.1:3: connect: connection refused"
        );
    }

    #[test]
    fn alerts_are_worded_as_go_words_them() {
        assert_eq!(words("CertificateRequired"), "certificate required");
    }

    #[test]
    fn methods_are_written_as_go_writes_them() {
        assert_eq!(operation(&Method::PATCH), "Patch");
    }
}
