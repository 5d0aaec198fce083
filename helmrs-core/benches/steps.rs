//! How long the steps of a render take, over the charts in `charts/`: `cargo bench --package helmrs-core`.
//!
//! Each step is repeated until a second is over; what is printed is the median of its runs.

use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::coalesce::coalesce_values;
use helmrs_core::chart::{Chart, load_directory, process_dependencies};
use helmrs_core::engine::{Budget, ReleaseOptions, Rendering, render};
use helmrs_core::release::{Release, build, record};
use helmrs_core::yaml::{Map, Value};
use helmrs_gotemplate::ambient::Fixed;

const CHARTS: [&str; 2] = ["mysql", "webapp"];
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> io::Result<()> {
    for name in CHARTS {
        let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../charts")).join(name);
        let load =
            || load_directory(&directory, &mut Vec::new()).expect("the charts can be loaded");
        time("parse", name, load)?;
        let mut chart = load();
        let given = values();
        process_dependencies(&mut chart, &given, &mut Vec::new())
            .expect("the dependencies can be processed");
        time("coalesce", name, || coalesced(&chart, &given))?;
        let values = coalesced(&chart, &given);
        let capabilities = Capabilities::default();
        let rendering = Rendering {
            chart: &chart,
            values: &values,
            release: ReleaseOptions {
                name: "web".to_owned(),
                namespace: "default".to_owned(),
                revision: 1,
                is_upgrade: false,
                is_install: true,
            },
            capabilities: &capabilities,
            lookup: None,
            ambient: &Fixed::default(),
            enable_dns: false,
            strict: false,
            budget: Budget::UNLIMITED,
        };
        let files = render(&rendering).expect("the charts can be rendered");
        time("render", name, || render(&rendering))?;
        time("sort", name, || build::sort(&files, &mut Vec::new()))?;
        let release = Release {
            name: "web".to_owned(),
            chart: Some(chart.clone()),
            manifest: files
                .values()
                .map(|text| String::from_utf8_lossy(text))
                .collect(),
            ..Release::default()
        };
        time("record", name, || record::encode(&release))?;
    }
    Ok(())
}

/// What the user gives.
fn values() -> Map {
    [("replicaCount".to_owned(), Value::Integer(2))].into()
}

fn coalesced(chart: &Chart, given: &Map) -> Map {
    coalesce_values(chart, given, &mut Vec::new()).expect("the values fit")
}

/// Repeats a step and prints how long it takes.
fn time<T>(step: &str, chart: &str, mut run: impl FnMut() -> T) -> io::Result<()> {
    let mut runs = Vec::new();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let before = Instant::now();
        black_box(run());
        runs.push(before.elapsed());
    }
    runs.sort_unstable();
    let median = runs[runs.len() / 2];
    let name = format!("{step}/{chart}");
    writeln!(
        io::stdout(),
        "{name:<20} {median:>12.1?}   {} runs",
        runs.len()
    )
}
