//! Turns of loops, which Tera does not count: a call is put into every loop before its text is parsed.
//!
//! A loop can nest a value once more with every turn, and nothing but the end of its turns keeps that from being deeper
//! than the stack. The call is no part of the text for anybody who reads an error: places are those of the text as it was.

use std::ops::Range;

use helmrs_gotemplate::{CallError, Executor};
use tera::{Kwargs, State, Tera};

use super::frame::{self, Session};

/// How many turns the loops of one template may take, all together.
const MOST: u32 = 1_000_000;
/// What the call is named.
pub(super) const NAME: &str = "__turn";
const CALL: &str = "{{ __turn() }}";
/// The call after a tag that trims what follows it.
const TRIMMING_CALL: &str = "{{ __turn() -}}";

/// A text whose loops are counted.
#[derive(Debug)]
pub(super) struct Counted {
    /// The text as it was.
    pub(super) original: String,
    /// The text with the calls.
    pub(super) text: String,
    calls: Vec<Call>,
}

/// A call that was put in.
#[derive(Debug)]
struct Call {
    /// The loop's tag in the text as it was; the call stands behind it.
    tag: Range<usize>,
    length: usize,
}

impl Counted {
    pub(super) fn new(original: &str) -> Self {
        let (mut text, mut calls, mut copied) = (String::new(), Vec::new(), 0);
        let mut tags = Tags {
            text: original,
            at: 0,
        };
        while let Some(tag) = tags.next_loop() {
            let call = if original[tag.clone()].ends_with("-%}") {
                TRIMMING_CALL
            } else {
                CALL
            };
            text.push_str(&original[copied..tag.end]);
            text.push_str(call);
            copied = tag.end;
            let length = call.len();
            calls.push(Call { tag, length });
        }
        text.push_str(&original[copied..]);
        Self {
            original: original.to_owned(),
            text,
            calls,
        }
    }

    /// Where a range of the counted text lies in the text as it was; what begins in a call is the loop's tag.
    pub(super) fn locate(&self, range: &Range<usize>) -> Range<usize> {
        let start = match self.position(range.start) {
            Ok(start) => start,
            Err(call) => return call.tag.clone(),
        };
        let end = self.position(range.end).unwrap_or_else(|call| call.tag.end);
        start..end.max(start)
    }

    fn position(&self, counted: usize) -> Result<usize, &Call> {
        let mut before = 0;
        for call in &self.calls {
            let start = call.tag.end + before;
            if counted < start {
                break;
            }
            if counted < start + call.length {
                return Err(call);
            }
            before += call.length;
        }
        Ok(counted - before)
    }

    /// Line and column of a place in the text as it was, as Tera counts them: from one, and characters from zero.
    pub(super) fn line_and_column(&self, at: usize) -> (usize, usize) {
        let before = self.original.get(..at).unwrap_or(&self.original);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (1 + before.matches('\n').count(), line.chars().count())
    }
}

/// The tags of a text, from the front.
struct Tags<'t> {
    text: &'t str,
    at: usize,
}

impl Tags<'_> {
    /// The next tag that begins a loop; none as soon as anything has no end, which is for the parser to tell.
    fn next_loop(&mut self) -> Option<Range<usize>> {
        loop {
            let start = self.at + self.text[self.at..].find('{')?;
            let kind = self.text.as_bytes().get(start + 1)?;
            self.at = start + 1;
            match kind {
                b'{' => self.at = self.end(start + 2, "}}")?,
                b'#' => self.at = start + 2 + self.text[start + 2..].find("#}")? + 2,
                b'%' => {
                    self.at = self.end(start + 2, "%}")?;
                    let tag = start..self.at;
                    match self.word(&tag) {
                        "raw" => self.pass_raw()?,
                        "for" => return Some(tag),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// The first word of a tag.
    fn word(&self, tag: &Range<usize>) -> &str {
        let inner = &self.text[tag.start + 2..tag.end - 2];
        let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
        let is_end = |character: char| !character.is_ascii_alphanumeric() && character != '_';
        inner.split(is_end).next().unwrap_or_default()
    }

    /// Where a tag ends; what stands in quotes ends none.
    fn end(&self, from: usize, mark: &str) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        let mut quote = None;
        while let Some(&byte) = bytes.get(at) {
            match quote {
                Some(_) if byte == b'\\' => at += 1,
                Some(open) if byte == open => quote = None,
                None if matches!(byte, b'"' | b'\'' | b'`') => quote = Some(byte),
                None if bytes[at..].starts_with(mark.as_bytes()) => return Some(at + mark.len()),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Passes what stands up to the tag that ends it, whatever it is.
    fn pass_raw(&mut self) -> Option<()> {
        loop {
            let start = self.at + self.text[self.at..].find("{%")?;
            self.at = start + 2;
            let end = self.at + self.text[self.at..].find("%}")? + 2;
            if self.word(&(start..end)) == "endraw" {
                self.at = end;
                return Some(());
            }
        }
    }
}

/// Gives an engine the function that counts.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function(NAME, |_: Kwargs, _: &State<'_>| frame::call(NAME, take));
}

fn take(session: &Session<'_>, executor: &mut Executor<'_>) -> Result<tera::Value, CallError> {
    let turns = session.turns.get() + 1;
    if turns > MOST {
        let problem = format!("the loops of the template take more than {MOST} turns");
        return Err(CallError::new(problem));
    }
    session.turns.set(turns);
    executor.spend(1, 0)?;
    Ok(tera::Value::from(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> String {
        Counted::new(text).text
    }

    #[test]
    fn every_loop_is_counted_and_nothing_else() {
        assert_eq!(
            counted("{% for x in xs %}a{% endfor %}{%- for y in ys -%}\n{% endfor %}"),
            "{% for x in xs %}{{ __turn() }}a{% endfor %}{%- for y in ys -%}{{ __turn() -}}\n{% endfor %}"
        );
        for text in [
            "{# {% for x in xs %} #}",
            "{% raw %}{% for x in xs %}{%- endraw -%}",
            "{{ '{% for x in xs %}' }}",
            r#"{% set a = "\"{% for x in xs %}" %}"#,
            "{% format x %}",
            "{% for x in xs",
            "{",
            "{%",
        ] {
            assert_eq!(counted(text), text);
        }
        assert_eq!(
            counted("{% for x in [\"%}\"] %}a"),
            "{% for x in [\"%}\"] %}{{ __turn() }}a"
        );
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was() {
        let text = "é{% for x in xs %}{{ x }}{% endfor %}\n{{ y }}";
        let counted = Counted::new(text);
        let find = |what: &str| {
            let start = counted.text.find(what).expect("it is there");
            let range = counted.locate(&(start..start + what.len()));
            (&text[range.clone()], counted.line_and_column(range.start))
        };
        assert_eq!(find("for x"), ("for x", (1, 4)));
        assert_eq!(find("{{ x }}"), ("{{ x }}", (1, 18)));
        assert_eq!(find("{{ y }}"), ("{{ y }}", (2, 0)));
        assert_eq!(find("__turn()"), ("{% for x in xs %}", (1, 1)));
    }
}
