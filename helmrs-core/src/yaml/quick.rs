//! Documents of plain blocks, read line by line.
//!
//! Nearly every YAML text that people and templates write consists of indented lines of `key: value` and `- item`. What
//! such a line means shows at once, without tokens and without a queue of them. This reader knows so much and no more: at
//! the first line that is anything else it declines, and the grammar in [`compose`](super::compose) reads the text from
//! its start. Hence it may never accept what the grammar refuses, and never read anything differently.

mod blocks;
mod flow;
mod line;

use std::borrow::Cow;

use super::direct::{Wanted, may_be_infinite};
use super::resolve::{Dialect, Meaning};
use super::scanner::leading_block_scalar;
use super::value::Value;
use super::{convert, resolve};

pub(super) use blocks::Taker;
use blocks::{Blocks, Kind};
use line::{Line, Word};

/// Reads a text without faults; `None` if it is more than plain blocks.
///
/// If only some entries of the root are wanted, others are left out. Keys given twice are more than plain.
pub(super) fn read(text: &str, integers: bool, wanted: Option<Wanted>) -> Option<Value> {
    read_into(text, integers, Blocks::new(wanted, None))
}

/// As [`read`], but hands over items as they come; what is handed over is missing in the value.
pub(super) fn read_items(text: &str, integers: bool, taker: Taker<'_>) -> Option<Value> {
    read_into(text, integers, Blocks::new(None, Some(taker)))
}

fn read_into(text: &str, integers: bool, blocks: Blocks<'_>) -> Option<Value> {
    let mut reader = Reader {
        text,
        line: Line::new(text),
        blocks,
        open: None,
        integers,
        is_marked: false,
    };
    while reader.line.has_more() {
        reader.next_line()?;
    }
    reader.settle()?;
    reader.blocks.into_root()
}

/// Longer than anybody's keys, and short of the 1024 characters at which the grammar forgets them.
const MAX_KEY_LENGTH: usize = 500;

/// A plain text that the next line may continue.
struct Open<'t> {
    text: Cow<'t, str>,
    /// How many empty lines followed it.
    breaks: usize,
}

struct Reader<'t, 's> {
    text: &'t str,
    line: Line<'t>,
    blocks: Blocks<'s>,
    open: Option<Open<'t>>,
    integers: bool,
    /// Whether `---` was there.
    is_marked: bool,
}

impl<'t> Reader<'t, '_> {
    fn next_line(&mut self) -> Option<()> {
        let column = self.line.skip_spaces();
        match self.line.peek() {
            None => Some(()),
            Some(b'\n') => {
                if let Some(open) = &mut self.open {
                    open.breaks += 1;
                }
                self.line.pass(1);
                Some(())
            }
            Some(b'#') => {
                self.settle()?;
                self.line.comment()
            }
            Some(b'-' | b'.') if column == 0 && self.line.is_marker() => self.document_start(),
            Some(_) if self.open.is_some() && self.blocks.lies_deeper(column) => {
                self.continuation()
            }
            Some(_) => {
                self.settle()?;
                self.content(column)
            }
        }
    }

    /// The dashes before a document; anything behind it is not for this reader.
    fn document_start(&mut self) -> Option<()> {
        if self.is_marked || !self.blocks.are_untouched() || self.line.peek() != Some(b'-') {
            return None;
        }
        self.is_marked = true;
        self.line.pass(3);
        self.line.end()?.then_some(())
    }

    /// One more line of a plain text.
    fn continuation(&mut self) -> Option<()> {
        let more = self.line.plain()?;
        let open = self.open.as_mut()?;
        if self.blocks.is_skipping() {
            // Of several lines nothing becomes a number.
            open.text = Cow::Borrowed("");
        } else {
            let text = open.text.to_mut();
            match open.breaks {
                0 => text.push(' '),
                breaks => text.extend(std::iter::repeat_n('\n', breaks)),
            }
            text.push_str(more);
        }
        open.breaks = 0;
        self.end_of_plain()
    }

    /// The end of a plain text's line; behind a comment the text does not go on.
    fn end_of_plain(&mut self) -> Option<()> {
        if self.line.peek() == Some(b'#') {
            self.settle()?;
        }
        self.line.end()?.then_some(())
    }

    /// The items and the entry that a line begins, and the value behind them.
    fn content(&mut self, mut column: usize) -> Option<()> {
        while self.line.is_entry() {
            self.blocks.entry(Kind::Sequence, column)?;
            self.line.pass(1);
            column += 1 + self.line.skip_spaces();
            if self.line.end()? {
                return Some(());
            }
        }
        let start = self.line.at();
        match self.line.word()? {
            key if self.line.pass_colon() => {
                if matches!(key, Word::Quoted(_)) && self.line.has_breaks_since(start) {
                    return None;
                }
                self.key(key, column)?;
                if self.line.end()? {
                    return Some(());
                }
                let word = self.line.word()?;
                self.value(word, column + 1)
            }
            word => self.value(word, column),
        }
    }

    fn key(&mut self, word: Word<'t>, column: usize) -> Option<()> {
        let key = match word {
            Word::Quoted(text) => text,
            Word::Plain("<<") | Word::Other => return None,
            Word::Plain(text) => match resolve::plain(text, Dialect::V2) {
                Meaning::Text => Cow::Borrowed(text),
                meaning => Cow::Owned(convert::key_of(meaning, Cow::Borrowed(text)).ok()?),
            },
        };
        if key.len() > MAX_KEY_LENGTH {
            return None;
        }
        self.blocks.entry(Kind::Mapping, column)?;
        self.blocks.key(key);
        Some(())
    }

    /// The value behind a key or dashes, or alone on its line.
    fn value(&mut self, word: Word<'t>, column: usize) -> Option<()> {
        self.blocks.awaits_value(column)?;
        match word {
            Word::Plain(text) => {
                self.open = Some(Open {
                    text: Cow::Borrowed(text),
                    breaks: 0,
                });
                return self.end_of_plain();
            }
            Word::Quoted(text) => self.blocks.value(Value::String(text.into_owned()))?,
            Word::Other => match self.line.peek()? {
                b'|' => return self.block_scalar(true),
                b'>' => return self.block_scalar(false),
                _ => {
                    let value = self.line.flow(self.integers)?;
                    self.blocks.value(value)?;
                }
            },
        }
        self.line.end()?.then_some(())
    }

    fn block_scalar(&mut self, is_literal: bool) -> Option<()> {
        let at = self.line.at();
        let keeps_lines = !self.blocks.is_skipping();
        let parent = self.blocks.column();
        let (text, length) =
            leading_block_scalar(&self.text[at..], parent, is_literal, keeps_lines)?;
        self.line.pass(length);
        self.blocks.value(Value::String(text.into_owned()))
    }

    /// Makes a value of a plain text that nothing continues.
    fn settle(&mut self) -> Option<()> {
        let Some(open) = self.open.take() else {
            return Some(());
        };
        let text = open.text;
        if self.blocks.is_skipping() && !may_be_infinite(&text) {
            return self.blocks.value(Value::Null);
        }
        let meaning = resolve::plain(&text, Dialect::V2);
        let value = convert::value_of(meaning, text, self.integers)?;
        self.blocks.value(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read;
    use crate::yaml::compose::{Stop, compose};
    use crate::yaml::convert::{Rules, load_by_grammar};
    use crate::yaml::direct::Direct;
    use crate::yaml::source::Source;
    use crate::yaml::value::Value;

    /// What the grammar makes of a text; `None` if it is wrong or more than plain.
    fn grammar(text: &str) -> Option<Value> {
        let source = Source::new(text.as_bytes());
        match compose(&source, &mut Direct::new(false, None)) {
            Ok(value) => Some(value.unwrap_or_default()),
            Err(Stop::Wrong(_) | Stop::Declined) => None,
        }
    }

    fn is_head(key: &str) -> bool {
        matches!(key, "a" | "kind")
    }

    /// Whether a text is read, which must then be as the grammar reads it.
    fn is_read(text: &str) -> bool {
        let found = read(text, false, None);
        if let Some(value) = &found {
            assert_eq!(grammar(text).as_ref(), Some(value), "{text}");
            let rules = Rules {
                strict: true,
                integers: false,
            };
            let strict = load_by_grammar(&Source::new(text.as_bytes()), rules);
            assert_eq!(strict.as_ref(), Ok(value), "{text}, strictly");
        }
        let part = read(text, false, Some(is_head));
        if let Some(Value::Map(part)) = &part {
            let Some(Value::Map(whole)) = grammar(text) else {
                panic!("{text}: no mapping");
            };
            for (key, value) in part.iter().filter(|(key, _)| is_head(key)) {
                assert_eq!(Some(value), whole.get(key), "{text}");
            }
            assert_eq!(part.contains_key("a"), whole.contains_key("a"), "{text}");
        }
        assert!(part.is_some() || found.is_none(), "{text}");
        found.is_some()
    }

    #[test]
    fn what_charts_and_manifests_look_like_is_read() {
        for text in [
            "a: 1\nb:\n  c: [x, \"y\", {z: 0x1f}]\n  d: {}\n",
            "---\n# text\na:\n- b: c\n  d:\n  - e\n  -   f: g\n      h: ~\n",
            "a: |-\n  b\n  \tc\n\n    d\n# d\nb: >+\n  x\n  y\n\n",
            "a: b c\n  d - e\n\n  f # g\nh: 'it''s' # i\n",
            "- a\n- - b\n  - c\n-\n  d: e\n",
            "a:\nb: # none\n\"c d\" : \"\\n\\\\\"\n",
            "a:\n  b\n  c\nkind: ü — ï\n1.5: on\n",
            "a: 'b  \n  c''s\n\n\n d'\nb: \"c \\\n  \\ d\\u00e9\\x41\\U0001F600 \\ \n\n e\"\n",
            "- |\n \u{feff}",
            "a: |\n  ü\n   ",
            "a:\n- 'b\nc: d'\n- \"e\n\n- f\" # g\n",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn what_is_more_is_left_to_the_grammar() {
        for text in [
            "a: b: c",
            "a: *b",
            "a: &b c",
            "a: !!int 1",
            "a: .inf",
            "~: a",
            "<<: a",
            "? a",
            "a: [b",
            "a: [b]c",
            "a: b\n---\n",
            "a: b\n...\n",
            "a: b\r\n",
            "a:\tb",
            "a: b\n c\n# d\n e",
            "a\n",
            "a:\n  b: c\n d: e",
            "a: [b: c]",
            "a: \u{2028}b",
            "a: \"\\xZZ\"",
            "a: b\na: c\n",
            "a: {b: c, b: d}",
            "a: 'b\n---\n  c'",
            "'a\n  b': c",
            "a: \"b\\\n\n  c\"",
            "a: |\n     \n  b\n",
            "a: {b: c,}",
            "a: b\n- c",
            "- a\nb: c",
            "%a: b",
            "a:\n  - b\n c: d",
            "a: @b",
            "a: `b`",
            "a: - b",
            "a: b\n  c: d",
        ] {
            assert!(!is_read(text), "{text}");
        }
    }

    /// Lines of everything that means something somewhere.
    fn lines() -> impl Strategy<Value = String> {
        let indentation = prop::sample::select(vec![
            "", "", " ", "  ", "  ", "    ", "- ", "  - ", "-   ", "- - ", "\t",
        ]);
        let words = prop::sample::select(vec![
            "a",
            "kind",
            "b: ",
            "c:",
            "d : ",
            "a: ",
            "kind: ",
            "\"q\"",
            "'r'",
            "\"s\": ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "[x, y]",
            "{x: y}",
            "{}",
            "|",
            ">-",
            "|+",
            "|2",
            "#",
            " # e",
            "- ",
            "-",
            "?",
            ": ",
            ":",
            "&x ",
            "*x",
            "!!str ",
            "1",
            "0x1f",
            ".inf",
            "~",
            "null",
            "-1",
            "2001-01-01",
            "12e3",
            "on",
            "'",
            "\"",
            "\\n",
            "\\",
            "\\ ",
            "\\u00e9",
            "\\U0001F600",
            "\\x4",
            "''",
            "ü",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "%",
            "@",
            "`",
            "=",
            "<<: ",
            "---",
            "...",
            "--",
            "text of words",
            " ",
            "  ",
            "\t",
            "\r",
        ]);
        let line = (indentation, prop::collection::vec(words, 0..4))
            .prop_map(|(indentation, words)| format!("{indentation}{}", words.concat()));
        prop::collection::vec(line, 0..9).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_the_grammar_reads(text in lines()) {
            is_read(&text);
        }
    }
}
