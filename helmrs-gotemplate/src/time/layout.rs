//! Go's reference layouts taken apart: `Jan _2 15:04` is four elements with text between them.
//!
//! Follows `nextStdChunk` of Go's `time/format.go`.

/// One element of a layout, named for what the reference time `Mon Jan 2 15:04:05 MST 2006` shows there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    LongMonth,
    Month,
    NumericMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    SpacedDay,
    ZeroDay,
    SpacedYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperNoon,
    LowerNoon,
    ZoneName,
    /// A numeric offset: whether UTC is `Z`, whether colons part the fields, and how many fields.
    Offset {
        zulu: bool,
        colons: bool,
        fields: u8,
    },
    /// A fraction of a second: its separator, its digits, and whether trailing zeros are left out.
    Fraction {
        separator: u8,
        digits: u8,
        trimmed: bool,
    },
}

/// The layout up to its first element, that element, and what follows it.
pub(super) struct Chunk<'a> {
    pub(super) prefix: &'a str,
    pub(super) element: Option<(Element, &'a str)>,
    pub(super) rest: &'a str,
}

/// Splits a layout at its first element.
pub(super) fn next(layout: &str) -> Chunk<'_> {
    for (index, _) in layout.char_indices() {
        if let Some((element, skipped, length)) = element_at(layout, index) {
            let start = index + skipped;
            let end = start + length;
            return Chunk {
                prefix: &layout[..start],
                element: Some((element, &layout[start..end])),
                rest: &layout[end..],
            };
        }
    }
    Chunk {
        prefix: layout,
        element: None,
        rest: "",
    }
}

/// Elements that are a fixed text, the longer of two with the same start first.
const FIXED: &[(&str, Element)] = &[
    ("January", Element::LongMonth),
    ("Monday", Element::LongWeekday),
    ("MST", Element::ZoneName),
    ("002", Element::ZeroYearDay),
    ("01", Element::ZeroMonth),
    ("02", Element::ZeroDay),
    ("03", Element::ZeroHour12),
    ("04", Element::ZeroMinute),
    ("05", Element::ZeroSecond),
    ("06", Element::Year),
    ("15", Element::Hour),
    ("1", Element::NumericMonth),
    ("2006", Element::LongYear),
    ("2", Element::Day),
    ("__2", Element::SpacedYearDay),
    ("3", Element::Hour12),
    ("4", Element::Minute),
    ("5", Element::Second),
    ("PM", Element::UpperNoon),
    ("pm", Element::LowerNoon),
    (
        "-070000",
        Element::Offset {
            zulu: false,
            colons: false,
            fields: 3,
        },
    ),
    (
        "-07:00:00",
        Element::Offset {
            zulu: false,
            colons: true,
            fields: 3,
        },
    ),
    (
        "-0700",
        Element::Offset {
            zulu: false,
            colons: false,
            fields: 2,
        },
    ),
    (
        "-07:00",
        Element::Offset {
            zulu: false,
            colons: true,
            fields: 2,
        },
    ),
    (
        "-07",
        Element::Offset {
            zulu: false,
            colons: false,
            fields: 1,
        },
    ),
    (
        "Z070000",
        Element::Offset {
            zulu: true,
            colons: false,
            fields: 3,
        },
    ),
    (
        "Z07:00:00",
        Element::Offset {
            zulu: true,
            colons: true,
            fields: 3,
        },
    ),
    (
        "Z0700",
        Element::Offset {
            zulu: true,
            colons: false,
            fields: 2,
        },
    ),
    (
        "Z07:00",
        Element::Offset {
            zulu: true,
            colons: true,
            fields: 2,
        },
    ),
    (
        "Z07",
        Element::Offset {
            zulu: true,
            colons: false,
            fields: 1,
        },
    ),
];

/// The element that starts at `index`: itself, bytes before it that belong to the prefix, and its length.
fn element_at(layout: &str, index: usize) -> Option<(Element, usize, usize)> {
    let rest = &layout[index..];
    if let Some((text, element)) = FIXED.iter().find(|(text, _)| rest.starts_with(text)) {
        return Some((*element, 0, text.len()));
    }
    for (text, element) in [("Jan", Element::Month), ("Mon", Element::Weekday)] {
        let followed_by_lower_case = rest.as_bytes().get(3).is_some_and(u8::is_ascii_lowercase);
        if rest.starts_with(text) && !followed_by_lower_case {
            return Some((element, 0, 3));
        }
    }
    if rest.starts_with("_2006") {
        return Some((Element::LongYear, 1, 4));
    }
    if rest.starts_with("_2") {
        return Some((Element::SpacedDay, 0, 2));
    }
    fraction_at(layout, index)
}

/// A fraction is a point or comma with zeros or nines, not followed by another digit.
fn fraction_at(layout: &str, index: usize) -> Option<(Element, usize, usize)> {
    let bytes = &layout.as_bytes()[index..];
    let (separator, digit) = match bytes {
        [separator @ (b'.' | b','), digit @ (b'0' | b'9'), ..] => (*separator, *digit),
        _ => return None,
    };
    let digits = bytes[1..].iter().take_while(|byte| **byte == digit).count();
    if bytes.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let element = Element::Fraction {
        separator,
        digits: digits.min(255) as u8,
        trimmed: digit == b'9',
    };
    Some((element, 0, digits + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(layout: &str) -> Vec<Element> {
        let mut found = Vec::new();
        let mut rest = layout;
        while let Some((element, _)) = next(rest).element {
            found.push(element);
            rest = next(rest).rest;
        }
        found
    }

    #[test]
    fn a_month_name_inside_a_word_is_text() {
        assert_eq!(elements("Janet Month"), []);
    }

    #[test]
    fn an_underscore_before_a_year_is_text() {
        assert_eq!(next("_2006").prefix, "_");
        assert_eq!(elements("_2006"), [Element::LongYear]);
    }

    #[test]
    fn a_fraction_ends_before_another_digit() {
        assert_eq!(elements(".0001"), [Element::ZeroMonth]);
    }
}
