//! What a template of Tera's renders to, which may not be without end.

use std::io::{self, Write};

/// How much one template may render to: as much as an archive may hold.
const LIMIT: usize = 100 << 20;
/// What is said of a template that renders to more.
pub(super) const FULL: &str = "the template renders to more than 100 MiB";

/// The text so far.
#[derive(Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    /// Whether there was more than may be.
    pub(super) full: bool,
}

impl Write for Output {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + text.len() > LIMIT {
            self.full = true;
            return Err(io::Error::other(FULL));
        }
        self.bytes.extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_has_an_end() {
        let mut output = Output::default();
        let piece = vec![b'x'; LIMIT / 4];
        for _ in 0..4 {
            output.write_all(&piece).unwrap();
        }
        assert!(!output.full);
        assert!(output.write_all(b"x").is_err());
        assert!(output.full);
        assert_eq!(output.bytes.len(), LIMIT);
    }
}
