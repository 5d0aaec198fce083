//! The events of a YAML text: a scanner's facade that refuses what go-yaml refuses.

use std::io::BufReader;

use libyaml_safer::{Error, ErrorKind, Event, EventData, Parser, ScalarStyle};
use memchr::memmem;

use super::error::ParseError;

/// How much of the text is decoded at a time.
const CHUNK: usize = 16 * 1024;

/// Reads a text as a stream of events.
pub(super) struct Events<'t> {
    parser: Parser<BufReader<&'t [u8]>>,
    text: &'t [u8],
    has_escaped_slash: bool,
}

impl<'t> Events<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let mut parser = Parser::new();
        parser.set_input(BufReader::with_capacity(CHUNK, text));
        let has_escaped_slash = memmem::find(text, br"\/").is_some();
        Self {
            parser,
            text,
            has_escaped_slash,
        }
    }

    pub(super) fn next(&mut self) -> Result<Event, ParseError> {
        let event = self.parser.parse().map_err(|error| explain(&error))?;
        match &event.data {
            EventData::DocumentStart {
                version_directive: Some(version),
                ..
            } if (version.major, version.minor) != (1, 1) => Err(syntax(
                event.start_mark.line,
                "found incompatible YAML document",
            )),
            EventData::Scalar {
                style: ScalarStyle::DoubleQuoted,
                ..
            } if self.has_escaped_slash => self.refuse_escaped_slash(event),
            _ => Ok(event),
        }
    }

    // Parity: go-yaml v2, scannerc.go, yaml_parser_scan_flow_scalar: `\/` came with YAML 1.2.
    fn refuse_escaped_slash(&self, event: Event) -> Result<Event, ParseError> {
        let text = String::from_utf8_lossy(self.text);
        let skip = usize::try_from(event.start_mark.index).unwrap_or(usize::MAX);
        let length = usize::try_from(event.end_mark.index)
            .unwrap_or(usize::MAX)
            .saturating_sub(skip);
        let mut line = event.start_mark.line;
        let mut characters = text
            .trim_start_matches('\u{feff}')
            .chars()
            .skip(skip)
            .take(length);
        while let Some(character) = characters.next() {
            match character {
                '\n' => line += 1,
                '\\' => match characters.next() {
                    Some('/') => {
                        let line = if line == 0 { 0 } else { line + 1 };
                        return Err(syntax(line, "found unknown escape character"));
                    }
                    Some('\n') => line += 1,
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(event)
    }
}

/// Gives a scanner's error in go-yaml's words and with go-yaml's line.
// Parity: go-yaml v2, decode.go, parser.fail.
fn explain(error: &Error) -> ParseError {
    let problem = match error.kind() {
        ErrorKind::Io => "incomplete UTF-8 octet sequence",
        _ => error.problem(),
    };
    let at_problem = error.problem_mark().map_or(0, |mark| mark.line);
    let line = if at_problem != 0 {
        at_problem + u64::from(error.kind() == ErrorKind::Scanner)
    } else {
        error.context_mark().map_or(0, |mark| mark.line)
    };
    syntax(line, problem)
}

/// A syntax error; line 0 is one that go-yaml does not know.
fn syntax(line: u64, problem: &str) -> ParseError {
    ParseError::Syntax {
        line: (line != 0).then_some(line),
        problem: problem.to_owned(),
    }
}
