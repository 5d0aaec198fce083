//! What the logging flags take. Nothing is made of the values; whether they are any is checked.
// Parity: klog, klog.go: the `Set` of each type, and Go's package flag for switches and sizes.

use std::str::FromStr;

use super::super::number::{Boolean, NumberError, Unsigned, decimal};

/// Why a value is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ValueError {
    #[error("parse error")]
    Syntax,
    #[error("value out of range")]
    Range,
    #[error("syntax error: expect file.go:234")]
    Backtrace,
    #[error("negative or zero value for level")]
    BacktraceLine,
    #[error("syntax error: expect comma-separated list of filename=N")]
    Modules,
    #[error("negative value for vmodule level")]
    ModuleLevel,
    #[error(transparent)]
    Number(#[from] NumberError),
}

/// Declares types that keep nothing of what they were read from.
macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident: $check:expr;)*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy)]
            pub(crate) struct $kind;

            impl FromStr for $kind {
                type Err = ValueError;

                fn from_str(text: &str) -> Result<Self, ValueError> {
                    let check: fn(&str) -> Result<(), ValueError> = $check;
                    check(text).map(|()| Self)
                }
            }
        )*
    };
}

kinds! {
    /// Yes or no.
    Switch: |text| match text.parse::<Boolean>() {
        Ok(_) => Ok(()),
        Err(_) => Err(ValueError::Syntax),
    };
    /// How many megabytes.
    Size: |text| match text.parse::<Unsigned>() {
        Ok(_) => Ok(()),
        Err(NumberError::Range { .. }) => Err(ValueError::Range),
        Err(NumberError::Syntax { .. }) => Err(ValueError::Syntax),
    };
    /// How much to log.
    Level: |text| Ok(decimal(text).map(drop)?);
    /// How bad it must be.
    Severity: |text| {
        let named = ["INFO", "WARNING", "ERROR", "FATAL"];
        if named.contains(&text.to_uppercase().as_str()) {
            return Ok(());
        }
        Ok(decimal(text).map(drop)?)
    };
    /// A line of a program.
    Backtrace: backtrace;
    /// How much to log of which files.
    Modules: |text| text.split(',').filter(|module| !module.is_empty()).try_for_each(module);
}

fn backtrace(text: &str) -> Result<(), ValueError> {
    if text.is_empty() {
        return Ok(());
    }
    let line = match text.split(':').collect::<Vec<_>>()[..] {
        [file, line] if file.contains('.') => line,
        _ => return Err(ValueError::Backtrace),
    };
    match line.parse::<i64>() {
        Ok(1..) => Ok(()),
        Ok(_) => Err(ValueError::BacktraceLine),
        Err(_) => Err(ValueError::Backtrace),
    }
}

fn module(text: &str) -> Result<(), ValueError> {
    let level = match text.split('=').collect::<Vec<_>>()[..] {
        [file, level] if !file.is_empty() && !level.is_empty() => level,
        _ => return Err(ValueError::Modules),
    };
    match level.parse::<i32>() {
        Ok(0..) => Ok(()),
        Ok(_) => Err(ValueError::ModuleLevel),
        Err(_) => Err(ValueError::Modules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T: FromStr<Err = ValueError>>(text: &str) -> String {
        let refused = text.parse::<T>().err();
        refused.map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn values_are_refused_in_the_words_of_the_type() {
        assert_eq!(refusal::<Switch>("T"), "");
        assert_eq!(refusal::<Switch>("3"), "parse error");
        assert_eq!(refusal::<Size>("0x10"), "");
        assert_eq!(
            refusal::<Size>("99999999999999999999"),
            "value out of range"
        );
        assert_eq!(refusal::<Severity>("info"), "");
        assert_eq!(
            refusal::<Severity>("0x1"),
            r#"strconv.ParseInt: parsing "0x1": invalid syntax"#
        );
        assert_eq!(
            refusal::<Level>("2147483648"),
            r#"strconv.ParseInt: parsing "2147483648": value out of range"#
        );
    }

    #[test]
    fn places_and_modules_are_checked() {
        assert_eq!(refusal::<Backtrace>("x.go:3"), "");
        assert_eq!(
            refusal::<Backtrace>("x.go:0"),
            "negative or zero value for level"
        );
        assert_eq!(
            refusal::<Backtrace>("x:3"),
            "syntax error: expect file.go:234"
        );
        assert_eq!(refusal::<Modules>("a=1,,b=2"), "");
        assert_eq!(
            refusal::<Modules>("a=-1"),
            "negative value for vmodule level"
        );
        assert_eq!(
            refusal::<Modules>("a=1=2"),
            "syntax error: expect comma-separated list of filename=N"
        );
    }
}
