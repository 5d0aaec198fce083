//! No layout and no text make times panic, and a moment is read back by the layout it was written in.

#![no_main]

use helmrs_gotemplate::time::{Duration, Moment, Zone, format, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, i64)| {
    let (layout, text, seconds) = input;
    if let Ok(moment) = parse(layout, text, &Zone::Utc) {
        format(&moment.plus_date(seconds, seconds, seconds), layout);
    }
    let moment = Moment::new(seconds % 250_000_000_000, 0, Zone::Utc);
    if moment.civil().year >= 0 && moment.civil().year < 10_000 {
        let rfc3339 = "2006-01-02T15:04:05Z07:00";
        assert_eq!(
            parse(rfc3339, &format(&moment, rfc3339), &Zone::Utc),
            Ok(moment)
        );
    }
    if let Ok(duration) = text.parse::<Duration>() {
        assert_eq!(duration.to_string().parse(), Ok(duration));
    }
});
