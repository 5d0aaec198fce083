//! Laws of versions and of times.

use std::cmp::Ordering;

use helmrs_gotemplate::regexp::{Regexp, quote_meta};
use helmrs_gotemplate::semver::{Constraint, Version};
use helmrs_gotemplate::time::{Duration, Moment, Zone, format, parse};
use helmrs_gotemplate::url::Url;
use proptest::prelude::*;

fn version() -> impl Strategy<Value = Version> {
    let text = "v?[0-3](\\.[0-3](\\.[0-3](-(rc|alpha|[1-9])(\\.(x|[1-3]))?)?(\\+[a-z]{1,3})?)?)?";
    text.prop_map(|text| Version::parse(&text).expect("the text is a version"))
}

proptest! {
    #[test]
    fn versions_are_in_one_order(a in version(), b in version(), c in version()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
    }

    #[test]
    fn a_version_is_read_back_and_fits_itself(version in version()) {
        let text = version.to_string();
        prop_assert_eq!(&Version::parse(&text).unwrap(), &version);
        for operator in ["=", ">=", "<=", "~", "^"] {
            let constraint = Constraint::parse(&format!("{operator}{text}")).unwrap();
            prop_assert!(constraint.check(&version), "{}{}", operator, text);
        }
    }

    #[test]
    fn comparing_is_what_constraints_do(one in version(), other in version()) {
        prop_assume!(one.prerelease().is_empty() || !other.prerelease().is_empty());
        let fits = |operator: &str| Constraint::parse(&format!("{operator}{other}")).unwrap().check(&one);
        prop_assert_eq!(fits(">"), one > other);
        prop_assert_eq!(fits("<="), one <= other);
        prop_assert_eq!(fits("!="), one != other);
    }

    #[test]
    fn a_moment_is_read_by_the_layout_it_was_written_in(seconds in -62_135_596_800..253_402_300_799_i64) {
        let moment = Moment::new(seconds, 0, Zone::Utc);
        for layout in ["2006-01-02T15:04:05Z07:00", "Mon, 02 Jan 2006 15:04:05 -0700", "2006 Jan _2 3:04:05PM"] {
            prop_assert_eq!(parse(layout, &format(&moment, layout), &Zone::Utc), Ok(moment.clone()));
        }
        prop_assert_eq!(moment.plus_date(0, 0, 1).unix(), seconds + 86_400);
    }

    #[test]
    fn a_duration_is_read_back(nanoseconds in any::<i64>()) {
        let duration = Duration(nanoseconds);
        prop_assert_eq!(duration.to_string().parse(), Ok(duration));
    }

    #[test]
    fn a_quoted_text_is_a_pattern_for_itself(text in any::<String>()) {
        let pattern = Regexp::compile_bytes(&quote_meta(text.as_bytes())).unwrap();
        prop_assert_eq!(pattern.find(text.as_bytes()), Some(text.as_bytes()));
    }

    #[test]
    fn a_url_is_read_back(text in "[a-z]{1,4}://([a-z]{1,3}(:[a-z]{0,3})?@)?[a-z.]{1,6}(:[0-9]{1,4})?(/[ -~&&[^#?%]]{0,8})?(\\?[a-z=&]{0,6})?(#[a-z]{0,4})?") {
        if let Ok(url) = Url::parse(text.as_bytes()) {
            prop_assert_eq!(Url::parse(&url.to_bytes()), Ok(url));
        }
    }
}
