//! No Chart.yaml with values makes loading, dependencies or coalescing panic.

#![no_main]

use helmrs_core::chart::{File, coalesce, load_files, process_dependencies};
use helmrs_core::time::Time;
use helmrs_core::yaml::Map;
use libfuzzer_sys::fuzz_target;

const SUBCHART: &str = "{apiVersion: v2, name: sub, version: 1.0.0}";

fuzz_target!(|text: &str| {
    let (chart, values) = text.split_once("\n---\n").unwrap_or((text, ""));
    let file = |name: &str, data: &str| File {
        name: name.to_owned(),
        data: data.to_owned().into(),
        modified: Time::from_unix(0, 0),
    };
    let files = vec![
        file("Chart.yaml", chart),
        file("values.yaml", values),
        file("charts/sub/Chart.yaml", SUBCHART),
        file("charts/sub/values.yaml", values),
    ];
    let mut findings = Vec::new();
    if let Ok(mut chart) = load_files(files, &mut findings) {
        let _ = process_dependencies(&mut chart, &Map::new(), &mut findings);
        let _ = coalesce::coalesce_values(&chart, &Map::new(), &mut findings);
    }
});
