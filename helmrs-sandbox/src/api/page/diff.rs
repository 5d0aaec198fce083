//! What changed from one revision to the next.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::view::escaped;

/// How many lines are compared; what is longer is only said to be.
const LONGEST: usize = 20_000;

/// The changed lines of a manifest with some around them, as HTML.
pub(super) fn html(before: &str, after: &str) -> String {
    if before.lines().count().max(after.lines().count()) > LONGEST {
        return "<p>Too long to compare.</p>".to_owned();
    }
    let diff = TextDiff::from_lines(before, after);
    let mut html = String::new();
    for group in diff.grouped_ops(3) {
        if !html.is_empty() {
            html += "<span class=gap>…</span>";
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (class, sign) = match change.tag() {
                ChangeTag::Delete => ("removed", '-'),
                ChangeTag::Insert => ("added", '+'),
                ChangeTag::Equal => ("same", ' '),
            };
            let line = escaped(change.value().trim_end_matches('\n'));
            let _ = write!(html, "<span class={class}>{sign} {line}</span>");
        }
    }
    if html.is_empty() {
        return "<p>The manifest is the same.</p>".to_owned();
    }
    format!("<pre class=diff>{html}</pre>")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn lines_are_marked_and_markup_is_text() {
        let text = html("a: 1\nb: <b>\n", "a: 2\nb: <b>\n");
        assert_eq!(
            text,
            "<pre class=diff><span class=removed>- a: 1</span><span class=added>+ a: 2</span><span class=same>  b: &lt;b&gt;</span></pre>"
        );
        assert_eq!(html("a\n", "a\n"), "<p>The manifest is the same.</p>");
    }
}
