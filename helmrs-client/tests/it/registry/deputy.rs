//! A server that says whatever a test makes it say, byte by byte, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// An answer: bytes, and pauses between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Said(Vec<(Vec<u8>, Duration)>);

impl Said {
    /// An ordinary answer.
    pub(super) fn new(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let length = body.len().to_string();
        let mut all = headers.to_vec();
        let is_known = |(name, _): &(&str, &str)| {
            name.eq_ignore_ascii_case("content-length")
                || name.eq_ignore_ascii_case("transfer-encoding")
        };
        if !headers.iter().any(is_known) {
            all.push(("Content-Length", &length));
        }
        let lines = all.iter().fold(String::new(), |lines, (name, value)| {
            lines + name + ": " + value + "\r\n"
        });
        let head = format!("HTTP/1.1 {status} X\r\n{lines}Connection: close\r\n\r\n");
        Self(vec![([head.as_bytes(), body].concat(), Duration::ZERO)])
    }

    /// The same answer, then some more after a while.
    pub(super) fn then(mut self, pause: Duration, bytes: &[u8]) -> Self {
        self.0.push((bytes.to_vec(), pause));
        self
    }

    /// The same answer after a while.
    pub(super) fn late(mut self, pause: Duration) -> Self {
        self.0[0].1 = pause;
        self
    }
}

/// A server that ends with the test.
pub(super) struct Deputy {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Deputy {
    /// Starts a server that answers as `say` does.
    pub(super) fn start(say: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (heard, say) = (asked.clone(), Arc::new(say));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, say) = (heard.clone(), say.clone());
                thread::spawn(move || serve(stream, &heard, &*say));
            }
        });
        Self { port, asked }
    }

    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Asked>>, say: &dyn Fn(&Asked) -> Said) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or_default() == 0 {
        return;
    }
    let mut words = line.split(' ');
    let mut asked = Asked {
        method: words.next().unwrap_or_default().to_string(),
        path: words.next().unwrap_or_default().to_string(),
        headers: Vec::new(),
    };
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or_default() == 0 || header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').unwrap();
        asked
            .headers
            .push((name.to_string(), value.trim().to_string()));
    }
    let length = asked
        .header("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    let _ = reader.read_exact(&mut body);
    heard.lock().unwrap().push(asked.clone());
    for (bytes, pause) in say(&asked).0 {
        thread::sleep(pause);
        // Whoever has heard enough goes away.
        if stream.write_all(&bytes).is_err() {
            return;
        }
    }
}
