//! A constraint and a version agree on whether they fit, and both are read back from their own text.

#![no_main]

use helmrs_gotemplate::semver::{Constraint, Version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (constraint, version) = (Constraint::parse(input.0), Version::parse(input.1));
    if let Ok(version) = &version {
        assert_eq!(Version::parse(&version.to_string()).as_ref(), Ok(version));
        if let Ok(constraint) = &constraint {
            assert_eq!(
                constraint.check(version),
                constraint.validate(version).is_ok()
            );
        }
    }
    if let Ok(constraint) = constraint {
        assert!(Constraint::parse(&constraint.to_string()).is_ok());
    }
});
