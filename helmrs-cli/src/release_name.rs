//! The name of a new release, and its chart, as `install` and `template` are given them.

use helmrs_gotemplate::{Ambient, Executor, Functions, MissingKey, TemplateSet, Value, sprig};

use crate::ambient::Machine;
use crate::error::{self, CommandError};
use crate::flags::install::InstallFlags;

/// A release's name and the chart it is made from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NameAndChart {
    pub(crate) name: String,
    pub(crate) chart: String,
}

/// Reads the words and flags; `fallback` is the name where none is asked for.
// Parity: Helm, pkg/action/install.go, Install.NameAndChart.
pub(crate) fn name_and_chart(
    words: &[String],
    flags: &InstallFlags,
    fallback: Option<&str>,
) -> Result<NameAndChart, CommandError> {
    let refused = |text: &str| Err(CommandError::message(text));
    let template = flags
        .name_template
        .as_deref()
        .filter(|template| !template.is_empty());
    let chart = match words {
        [name, chart] => {
            if flags.generate_name {
                return refused("cannot set --generate-name and also specify a name");
            }
            if template.is_some() {
                return refused("cannot set --name-template and also specify a name");
            }
            return Ok(NameAndChart {
                name: name.clone(),
                chart: chart.clone(),
            });
        }
        [chart] => chart.clone(),
        [_, _, rest @ ..] => {
            let rest = rest.join(", ");
            return refused(&format!(
                "expected at most two arguments, unexpected arguments: {rest}"
            ));
        }
        [] => return refused("must provide a chart"),
    };
    let name = match (template, fallback) {
        (Some(template), _) => from_template(template)?,
        (None, Some(name)) => name.to_owned(),
        (None, None) if flags.generate_name => generated(&chart),
        (None, None) => return refused("must either provide a name or specify --generate-name"),
    };
    Ok(NameAndChart { name, chart })
}

/// The chart's name and the time.
fn generated(chart: &str) -> String {
    let base = chart
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let base = if base.is_empty() || base == "." {
        "chart"
    } else {
        base
    };
    let stem = base.split('.').next().unwrap_or_default();
    format!("{stem}-{}", Machine.now().unix())
}

/// What a template makes without any data.
fn from_template(template: &str) -> Result<String, CommandError> {
    let failed = |error: &dyn std::error::Error| CommandError::message(error::chain(error));
    let name = "name-template";
    let mut functions = Functions::new();
    sprig::register(&mut functions);
    let mut set = TemplateSet::new(name, functions, MissingKey::Invalid);
    set.parse(name, template).map_err(|error| failed(&error))?;
    let text = Executor::new(&set, &Machine)
        .execute(name, &Value::Nil)
        .map_err(|error| failed(&error))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
