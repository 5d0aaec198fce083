//! What a registry wants to see before it answers: the header `WWW-Authenticate`.
// Parity: oras.land/oras-go/v2, registry/remote/auth/challenge.go.

/// How a registry wants to be told who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A name and a password.
    Basic,
    /// A token that is had elsewhere.
    Bearer {
        /// Where tokens are had.
        realm: String,
        /// What the token is for, as the place knows it.
        service: String,
        /// What the token has to allow, with blanks between.
        scope: String,
    },
    /// Something nobody here speaks.
    Unknown,
}

impl Challenge {
    /// Reads the header; what is malformed ends it.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::registry::Challenge;
    ///
    /// assert_eq!(Challenge::parse("basic realm=x"), Challenge::Basic);
    /// let Challenge::Bearer { realm, service, .. } =
    ///     Challenge::parse(r#"Bearer realm="https://a/token", service=b"#)
    /// else {
    ///     panic!("a token is wanted");
    /// };
    /// assert_eq!((realm.as_str(), service.as_str()), ("https://a/token", "b"));
    /// ```
    pub fn parse(header: &str) -> Self {
        let (scheme, rest) = token(header);
        if scheme.eq_ignore_ascii_case("basic") {
            return Self::Basic;
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::Unknown;
        }
        let (mut realm, mut service, mut scope) = Default::default();
        let mut rest = rest;
        while let Some((key, value, after)) = parameter(rest) {
            match key {
                "realm" => realm = value,
                "service" => service = value,
                "scope" => scope = value,
                _ => {}
            }
            let Some(after) = skip_blanks(after).strip_prefix(',') else {
                break;
            };
            rest = after;
        }
        Self::Bearer {
            realm,
            service,
            scope,
        }
    }
}

/// The next parameter, and what follows it.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = token(skip_blanks(text));
    if key.is_empty() {
        return None;
    }
    let rest = skip_blanks(skip_blanks(rest).strip_prefix('=')?);
    if let Some(rest) = rest.strip_prefix('"') {
        let (value, rest) = quoted(rest)?;
        return Some((key, value, rest));
    }
    let (value, rest) = token(rest);
    (!value.is_empty()).then(|| (key, value.to_owned(), rest))
}

/// The rest of a quoted text, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\n' => return None,
            '\\' => match letters.next()?.1 {
                escaped @ ('"' | '\\') => value.push(escaped),
                't' => value.push('\t'),
                _ => return None,
            },
            letter => value.push(letter),
        }
    }
    None
}

/// The word a text begins with, and what follows it.
fn token(text: &str) -> (&str, &str) {
    let is_part =
        |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    let end = text.find(|letter| !is_part(letter));
    text.split_at(end.unwrap_or(text.len()))
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: &str, scope: &str) -> Challenge {
        Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.to_owned(),
            scope: scope.to_owned(),
        }
    }

    #[test]
    fn parameters_are_quoted_or_not() {
        assert_eq!(
            Challenge::parse(r#"BEARER realm = "a\"b" ,scope="x:y:pull,push z",service=s,other=1"#),
            bearer("a\"b", "s", "x:y:pull,push z")
        );
    }

    #[test]
    fn what_is_malformed_ends_the_header() {
        assert_eq!(Challenge::parse("Bearer"), bearer("", "", ""));
        assert_eq!(
            Challenge::parse("Bearer realm=a,,service=b"),
            bearer("a", "", "")
        );
        assert_eq!(Challenge::parse("Bearer realm=\"a"), bearer("", "", ""));
        assert_eq!(
            Challenge::parse("Bearer realm=a service=b"),
            bearer("a", "", "")
        );
        assert_eq!(Challenge::parse("Digest realm=a"), Challenge::Unknown);
        assert_eq!(Challenge::parse(""), Challenge::Unknown);
    }
}
