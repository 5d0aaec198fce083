//! A text of several documents, cut where Kubernetes' reader cuts it.

/// A line that starts like the end of a document and is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid Yaml document separator: {rest}")]
pub struct SeparatorError {
    /// What follows the dashes.
    pub rest: String,
}

/// The documents of a text: what stands between lines that start with `---`.
///
/// Documents without a byte are left out; a document of comments only is not.
///
/// ```
/// use helmrs_core::yaml::documents;
/// let found: Result<Vec<_>, _> = documents(b"a: 1\n---\nb: 2\n").collect();
/// assert_eq!(found?, [&b"a: 1\n"[..], b"b: 2\n"]);
/// # Ok::<(), helmrs_core::yaml::SeparatorError>(())
/// ```
// Parity: k8s.io/apimachinery, pkg/util/yaml/decoder.go, YAMLReader.Read.
pub fn documents(text: &[u8]) -> impl Iterator<Item = Result<&[u8], SeparatorError>> {
    Documents { rest: text }
}

struct Documents<'t> {
    rest: &'t [u8],
}

impl<'t> Iterator for Documents<'t> {
    type Item = Result<&'t [u8], SeparatorError>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = std::mem::take(&mut self.rest);
        let mut at = 0;
        while at < text.len() {
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |found| at + found + 1);
            if let Some(after) = text[at..end].strip_prefix(b"---") {
                let rest = super::json::valid_text(after);
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    return Some(Err(SeparatorError {
                        rest: rest.to_owned(),
                    }));
                }
                // A separator that nothing precedes belongs to the document it opens.
                if at > 0 {
                    self.rest = &text[end..];
                    return Some(Ok(&text[..at]));
                }
            }
            at = end;
        }
        (!text.is_empty()).then_some(Ok(text))
    }
}

#[cfg(test)]
mod tests {
    use super::documents;

    fn cut(text: &str) -> Vec<String> {
        documents(text.as_bytes())
            .map(|document| match document {
                Ok(document) => String::from_utf8_lossy(document).into_owned(),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn a_first_separator_belongs_to_the_document_it_opens() {
        assert_eq!(cut("---\na: 1\n--- # two\nb: 2"), ["---\na: 1\n", "b: 2"]);
        assert_eq!(cut("---\n---\na: 1\n"), ["---\n", "a: 1\n"]);
        assert!(cut("").is_empty());
    }

    #[test]
    fn text_after_a_separator_is_refused() {
        assert_eq!(
            cut("a: 1\n---b: 2\n"),
            ["invalid Yaml document separator: b: 2"]
        );
    }
}
