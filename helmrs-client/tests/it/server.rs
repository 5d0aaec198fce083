//! A web server of a few files, on loopback, that remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered to a path.
#[derive(Clone)]
pub(crate) enum Answer {
    File(Vec<u8>),
    Redirect(String),
    /// These bytes, head and all, and then the end of the connection.
    Raw(Vec<u8>),
    /// The first bytes of a long answer, and then nothing for as long as anybody waits.
    Stalled(Vec<u8>),
    /// These bytes over and over, for as long as anybody reads.
    Endless(Vec<u8>),
}

/// A web server that ends with the test.
pub(crate) struct Server {
    port: u16,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self {
            port,
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let (answers, asked) = (server.answers.clone(), server.asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, asked) = (answers.clone(), asked.clone());
                std::thread::spawn(move || serve(stream, &answers, &asked));
            }
        });
        server
    }

    /// The address, under a name of loopback: names count as hosts of their own.
    pub(crate) fn address(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }

    pub(crate) fn answer(&self, path: &str, answer: Answer) {
        self.answers
            .lock()
            .unwrap()
            .insert(path.to_string(), answer);
    }

    /// Each request as its path and its headers, names in lower case.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    answers: &Mutex<BTreeMap<String, Answer>>,
    asked: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or_default() == 0 {
        return;
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_string();
    let mut request = path.clone();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim();
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').unwrap();
        let name = name.to_lowercase();
        if name != "host" && !value.trim().is_empty() {
            request = format!("{request} {name}={}", value.trim());
        }
    }
    asked.lock().unwrap().push(request);
    let answer = answers.lock().unwrap().get(&path).cloned();
    let (head, body) = match answer {
        Some(Answer::File(bytes)) => ("200 OK".to_string(), bytes),
        Some(Answer::Redirect(to)) => (format!("302 Found\r\nlocation: {to}"), Vec::new()),
        Some(Answer::Raw(bytes)) => {
            let _ = stream.write_all(&bytes);
            return;
        }
        Some(Answer::Stalled(bytes)) => {
            let _ = stream.write_all(&bytes);
            // Ends when the other side has had enough.
            let _ = reader.read_line(&mut line);
            return;
        }
        Some(Answer::Endless(bytes)) => {
            let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(head);
            while stream.write_all(&bytes).is_ok() {}
            return;
        }
        None => ("404 Not Found".to_string(), Vec::new()),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    // Whoever has seen enough may have gone.
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(&body));
}
