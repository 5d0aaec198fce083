//! A stream of YAML documents into single ones.

/// The documents of a stream, in order, each without the white space before it; blank ones are left out.
///
/// A document ends at a line that begins with three dashes, whatever follows them: `---apiVersion: v1` begins a document
/// at `apiVersion`. The white space at a document's end stays, so that written out again it looks as it did.
///
/// # Examples
///
/// ```
/// use helmrs_core::manifest::split;
///
/// let documents = split::documents("---\na: 1\n\n---\n\n---kind: Pod\n");
/// assert_eq!(documents, ["a: 1\n\n", "kind: Pod\n"]);
/// ```
// Parity: Helm, pkg/release/v1/util/manifest.go, SplitManifests.
pub fn documents(stream: &str) -> Vec<&str> {
    let mut documents = Vec::new();
    let mut rest = stream.trim_start();
    loop {
        let (document, after) = next_document(rest);
        let document = document.trim_start();
        if !document.is_empty() {
            documents.push(document);
        }
        match after {
            Some(after) => rest = after,
            None => return documents,
        }
    }
}

/// What comes before the first separator, and what comes after it.
fn next_document(text: &str) -> (&str, Option<&str>) {
    let separator = if text.starts_with("---") {
        Some(0)
    } else {
        text.find("\n---").map(|at| at + 1)
    };
    match separator {
        Some(start) => (
            &text[..start],
            Some(text[start + 3..].trim_start_matches([' ', '\t'])),
        ),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_dashes_belongs_to_the_next_document() {
        assert_eq!(documents("--- # why\na: 1\n"), ["# why\na: 1\n"]);
        assert_eq!(documents("a: 1\n----\nb: 2\n"), ["a: 1\n", "-\nb: 2\n"]);
        assert_eq!(documents("a: 1\n------\nb: 2\n"), ["a: 1\n", "b: 2\n"]);
    }

    #[test]
    fn indented_dashes_are_text() {
        assert_eq!(
            documents("a: |\n  b\n  ---\n  c\n"),
            ["a: |\n  b\n  ---\n  c\n"]
        );
    }

    #[test]
    fn trailing_blank_lines_and_carriage_returns_stay() {
        assert_eq!(
            documents("\r\n---\r\na: 1\r\n\r\n---\r\nb: 2"),
            ["a: 1\r\n\r\n", "b: 2"]
        );
    }

    #[test]
    fn blank_documents_are_left_out_but_comments_are_not() {
        assert_eq!(documents("---\n---  \n \n---\n# only\n---"), ["# only\n"]);
        assert!(documents(" \n\t").is_empty());
    }
}
