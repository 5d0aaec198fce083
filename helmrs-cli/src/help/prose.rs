//! The prose of doc comments: paragraphs, lists and lines that are to stay as they are.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// Sentences, to be broken into lines anywhere.
    Paragraph(String),
    /// A list: what each entry is, and what there is to say about it, which may be nothing.
    List(Vec<(String, String)>),
    /// Lines to be left alone, without their common indentation.
    Lines(Vec<String>),
}

/// What lines of their own are indented by.
const INDENT: &str = "    ";

/// Reads a doc comment.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut fresh = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            fresh = true;
            continue;
        }
        let after_blank = std::mem::take(&mut fresh);
        if let Some(line) = line.strip_prefix(INDENT) {
            match blocks.last_mut() {
                Some(Block::Lines(lines)) => {
                    lines.extend(after_blank.then(String::new));
                    lines.push(line.to_owned());
                }
                _ => blocks.push(Block::Lines(vec![line.to_owned()])),
            }
        } else if let Some(entry) = line.strip_prefix("- ") {
            let entry = entry_of(entry);
            match blocks.last_mut() {
                Some(Block::List(entries)) => entries.push(entry),
                _ => blocks.push(Block::List(vec![entry])),
            }
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(text)) if !after_blank => join(text, line),
                Some(Block::List(entries)) if !after_blank => {
                    if let Some((term, detail)) = entries.last_mut() {
                        join(if detail.is_empty() { term } else { detail }, line);
                    }
                }
                _ => blocks.push(Block::Paragraph(line.trim().to_owned())),
            }
        }
    }
    blocks
}

/// An entry of a list; a colon and two spaces stand between what it is and what is said about it.
fn entry_of(text: &str) -> (String, String) {
    match text.split_once(":  ") {
        Some((term, detail)) => (term.trim().to_owned(), detail.trim().to_owned()),
        None => (text.trim().to_owned(), String::new()),
    }
}

fn join(text: &mut String, line: &str) {
    text.push(' ');
    text.push_str(line.trim());
}

/// Breaks a text into lines no wider than `width`, if its words allow that.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    use unicode_width::UnicodeWidthStr;

    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines
            .last_mut()
            .filter(|line| line.is_empty() || line.width() + 1 + word.width() <= width);
        match line {
            Some(line) => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_paragraphs_lists_and_lines() {
        let text = "One\ntwo.\n\n    a\n\n      b\n\n- x:   first\n- y z\n  more\n\nEnd.";
        let wanted = [
            Block::Paragraph("One two.".to_owned()),
            Block::Lines(vec!["a".to_owned(), String::new(), "  b".to_owned()]),
            Block::List(vec![
                ("x".to_owned(), "first".to_owned()),
                ("y z more".to_owned(), String::new()),
            ]),
            Block::Paragraph("End.".to_owned()),
        ];
        assert_eq!(blocks(text), wanted);
    }

    #[test]
    fn lines_are_broken_between_words_only() {
        assert_eq!(wrap("a bc def", 4), ["a bc", "def"]);
        assert_eq!(wrap("abcdefgh i", 3), ["abcdefgh", "i"]);
        assert_eq!(wrap("", 3), [""]);
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost_when_lines_are_broken(text in "[a-z é]{0,60}", width in 0usize..20) {
            let lines = wrap(&text, width);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            proptest::prop_assert_eq!(words(&lines.join(" ")), words(&text));
        }
    }
}
