//! No text makes parsing or rendering a template of Tera's panic, nor do values and Go's functions called by it.

#![no_main]

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::{File, load_files};
use helmrs_core::engine::{ReleaseOptions, Rendering, render};
use helmrs_core::time::Time;
use helmrs_core::yaml::{self, Map, Value};
use helmrs_gotemplate::ambient::Fixed;
use libfuzzer_sys::fuzz_target;

const CHART: &str = "{apiVersion: v2, name: web, version: 1.0.0}";
const VALUES: &str = "{a: 1, b: [1, x, 2.5, null], c: {d: {e: true}}, text: 'x y', tera: '{{ Values.a }}'}";
const HELPERS: &str = r#"{{ define "go" }}{{ . | toJson }}{{ end }}{{ define "back" }}{{ include "_part.tera" . }}{{ end }}"#;
/// A render that takes longer says nothing about panics.
const LOOPS: usize = 2;

fuzz_target!(|text: &str| {
    if text.matches("for ").count() + text.matches("range").count() > LOOPS {
        return;
    }
    let file = |name: &str, data: &str| File {
        name: name.to_owned(),
        data: data.to_owned().into(),
        modified: Time::ZERO,
    };
    let (part, main) = text.split_once("\n---\n").unwrap_or(("", text));
    let files = vec![
        file("Chart.yaml", CHART),
        file("values.yaml", VALUES),
        file("templates/_helpers.tpl", HELPERS),
        file("templates/_part.tera", part),
        file("templates/x.yaml.tera", main),
        file("notes.md", "a note"),
    ];
    let Ok(chart) = load_files(files, &mut Vec::new()) else {
        return;
    };
    let Ok(Value::Map(values)) = yaml::parse(VALUES.as_bytes()) else {
        return;
    };
    let values: Map = values;
    let _ = render(&Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions::default(),
        capabilities: &Capabilities::default(),
        lookup: None,
        ambient: &Fixed::default(),
        enable_dns: false,
        strict: false,
    });
});
