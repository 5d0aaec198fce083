//! Help: what there is to say about a command, and the forms it is said in.
//!
//! A [`Page`] is read from the clap model; `text` prints it for a person, `manual` as a manual page, `markdown` as a
//! document. Nothing is said about a command anywhere but beside its arguments.

pub(crate) mod manual;
pub(crate) mod markdown;
pub(crate) mod page;
pub(crate) mod prose;
mod text;

use clap::Command;

use self::page::Page;
pub(crate) use self::text::Style;
use crate::settings::EnvSettings;

/// The help of the command at the end of `path`.
pub(crate) fn help(path: &[&Command], settings: &EnvSettings, style: Style) -> String {
    text::whole(&Page::new(path, settings), style)
}

/// The part of the help from the usage line on.
pub(crate) fn usage(path: &[&Command], settings: &EnvSettings, style: Style) -> String {
    text::usage(&Page::new(path, settings), style)
}
