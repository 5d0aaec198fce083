//! What charts and their subcharts are configured with: `testdata/values`, against what `template` renders.

use std::path::Path;

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::coalesce::coalesce_values;
use helmrs_core::chart::{Chart, load, process_dependencies};
use helmrs_core::engine::{Budget, ReleaseOptions, Rendering, render};
use helmrs_core::error_chain::joined;
use helmrs_core::finding::Finding;
use helmrs_core::values::read as read_values;
use helmrs_gotemplate::ambient::Fixed;

use crate::goldens;

#[test]
fn values_reach_charts_as_in_the_reference() {
    goldens::each("values", |case| {
        let mut findings = Vec::new();
        let result = rendered(case, &mut findings);
        let (output, error) = match result {
            Ok(output) => (output, String::new()),
            Err(error) => (String::new(), format!("Error: {error}\n")),
        };
        let expected = goldens::text(&case.join("expected")) + &goldens::text(&case.join("stderr"));
        (output + &goldens::logged(&findings) + &error, expected)
    });
}

fn rendered(case: &Path, findings: &mut Vec<Finding>) -> Result<String, String> {
    let mut chart: Chart =
        load(&case.join("chart"), &mut Vec::new()).map_err(|error| joined(&error))?;
    let values = read_values(goldens::text(&case.join("values.yaml")).as_bytes())
        .map_err(|error| joined(&error))?;
    process_dependencies(&mut chart, &values, findings).map_err(|error| error.to_string())?;
    let values = coalesce_values(&chart, &values, findings).map_err(|error| error.to_string())?;
    let rendering = Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions::default(),
        capabilities: &Capabilities::default(),
        lookup: None,
        ambient: &Fixed::default(),
        enable_dns: false,
        strict: false,
        budget: Budget::UNLIMITED,
    };
    let mut rendered = render(&rendering).map_err(|error| joined(&error))?;
    let values = rendered.remove("web/templates/values.yaml");
    String::from_utf8(values.unwrap_or_default()).map_err(|error| error.to_string())
}
