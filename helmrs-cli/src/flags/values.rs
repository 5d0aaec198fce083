//! The values a chart is configured with.

use clap::Args;

use super::list::List;

/// Flags of commands that render charts; later ones win over earlier ones of the same kind.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Values Flags")]
pub(crate) struct ValuesFlags {
    /// set a value: a.b=1, or several separated by commas
    #[arg(long, value_name = "stringArray")]
    pub(crate) set: Vec<String>,
    /// set a value to the content of a file: key=path
    #[arg(long, value_name = "stringArray")]
    pub(crate) set_file: Vec<String>,
    /// set a value to JSON: key={"a":1}, or several values with a whole JSON object
    #[arg(long, value_name = "stringArray")]
    pub(crate) set_json: Vec<String>,
    /// set a value to a text that is taken as it is
    #[arg(long, value_name = "stringArray")]
    pub(crate) set_literal: Vec<String>,
    /// set a value that stays a text even if it looks like a number
    #[arg(long, value_name = "stringArray")]
    pub(crate) set_string: Vec<String>,
    /// file or URL of values in YAML; may be given several times
    #[arg(long, short = 'f', value_name = "strings")]
    pub(crate) values: Vec<List>,
}
