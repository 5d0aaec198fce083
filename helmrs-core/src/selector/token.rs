//! What the text of a selector is made of.

/// One piece of a selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A key, a value, or one of the words `in` and `notin`, which only their place tells apart.
    Word(&'a str),
    /// `=`, `==`, `!=`, `!`, `<`, `>`, `,` or a parenthesis.
    Symbol(&'a str),
    /// Nothing is left.
    End,
}

impl<'a> Token<'a> {
    /// How it is written.
    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Word(text) | Self::Symbol(text) => text,
            Self::End => "",
        }
    }
}

/// Takes a selector to pieces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// The next piece, which stays where it is.
    pub(super) fn peek(&self) -> Token<'a> {
        self.split().0
    }

    /// The next piece, which is gone afterwards.
    pub(super) fn take(&mut self) -> Token<'a> {
        let (token, rest) = self.split();
        self.rest = rest;
        token
    }

    fn split(self) -> (Token<'a>, &'a str) {
        let text = self.rest.trim_start_matches(is_blank);
        let symbol = ["==", "!="]
            .into_iter()
            .find(|symbol| text.starts_with(symbol))
            .map_or(1, str::len);
        match text.chars().next() {
            None => (Token::End, text),
            Some(first) if is_symbol(first) => {
                let (symbol, rest) = text.split_at(symbol);
                (Token::Symbol(symbol), rest)
            }
            Some(_) => {
                let end = text
                    .find(|letter| is_blank(letter) || is_symbol(letter))
                    .unwrap_or(text.len());
                let (word, rest) = text.split_at(end);
                (Token::Word(word), rest)
            }
        }
    }
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

fn is_symbol(letter: char) -> bool {
    matches!(letter, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_symbol_wins() {
        let mut tokens = Tokens::new("a !==b<>(é\u{b}c)");
        let mut texts = Vec::new();
        while tokens.peek() != Token::End {
            texts.push(tokens.take().text());
        }
        assert_eq!(texts, ["a", "!=", "=", "b", "<", ">", "(", "é\u{b}c", ")"]);
    }
}
