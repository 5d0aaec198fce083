//! `docs/tera.md` says what is so: its examples render to what stands below them.

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::{File, coalesce, load_files};
use helmrs_core::engine::{ReleaseOptions, RenderError, Rendering, render};
use helmrs_core::time::Time;
use helmrs_core::yaml::{self, Map, Value};
use helmrs_gotemplate::ambient::Fixed;
use proptest::prelude::*;

use crate::properties::tree;

/// Renders a chart of these templates and files; gives the text of the template `x.tera`.
fn rendered(values: &str, files: &[(&str, &str)]) -> Result<String, RenderError> {
    let chart = "{apiVersion: v2, name: shop, version: 0.1.0, appVersion: 1.0.0}";
    let all = [("Chart.yaml", chart), ("values.yaml", values)];
    let file = |(name, data): &(&str, &str)| File {
        name: (*name).to_owned(),
        data: (*data).to_owned().into(),
        modified: Time::ZERO,
    };
    let chart = load_files(all.iter().chain(files).map(file).collect())
        .unwrap()
        .chart;
    let values = coalesce::coalesce_values(&chart, &Map::new(), &mut Vec::new()).unwrap();
    let rendering = Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions {
            name: "web".to_owned(),
            ..ReleaseOptions::default()
        },
        capabilities: &Capabilities::default(),
        lookup: None,
        ambient: &Fixed::default(),
        enable_dns: false,
        strict: false,
    };
    let texts = render(&rendering)?;
    Ok(String::from_utf8_lossy(&texts["shop/templates/x.tera"]).into_owned())
}

/// The fenced blocks of a document: their languages and their texts.
fn blocks(document: &str) -> Vec<(&str, &str)> {
    let mut parts = document.split("```");
    let mut blocks = Vec::new();
    parts.next();
    while let (Some(block), _) = (parts.next(), parts.next()) {
        blocks.push(block.split_once('\n').unwrap());
    }
    blocks
}

#[test]
fn the_examples_of_the_documentation_render_as_shown() {
    let document = include_str!("../../../docs/tera.md");
    let blocks = blocks(document);
    let values = blocks.iter().find(|(language, _)| *language == "yaml");
    let values = values.expect("the values come first").1;
    let mut examples = 0;
    for pair in blocks.windows(2) {
        let [("tera", template), (language, expected)] = pair else {
            continue;
        };
        assert_eq!(*language, "text", "an example has its result below it");
        let files = [
            ("templates/x.tera", *template),
            (
                "templates/_helpers.tpl",
                r#"{{ define "shop.labels" }}app: {{ .Chart.Name }}/{{ .Release.Name }}{{ end }}{{ define "shop.pair" }}{{ .key }}={{ .value }}{{ end }}"#,
            ),
            (
                "templates/_part.tera",
                "part of {{ name | default(value=Chart?.Name) }}",
            ),
            ("config/app.ini", "level = info"),
            ("config/notes.txt", "-"),
        ];
        let text = rendered(values, &files).unwrap();
        assert_eq!(text.trim(), expected.trim());
        examples += 1;
    }
    assert!(examples >= 6, "{examples} examples");
}

#[test]
fn every_function_is_reachable_as_a_function() {
    // One example of each function in Go, by the rows of its table, is the same in Tera with numbered arguments.
    let cases = [
        (r#"{{ trunc(a0=5, a1="hello world") }}"#, "hello"),
        (r#"{{ substr(a0=0, a1=5, a2="hello world") }}"#, "hello"),
        (
            r#"{{ list(a0=1, a1="b", a2=none) | toJson }}"#,
            r#"[1,"b",null]"#,
        ),
        (r#"{{ dict(pairs=["a", 1]) | toJson }}"#, r#"{"a":1}"#),
        (
            r#"{{ and(a0=1, a1=0) }} {{ or(a="", values=["x"]) }} {{ not(1) }}"#,
            "0 x false",
        ),
        (
            r#"{{ eq(a=1, b=2) }}"#,
            "eq has no argument b; it takes a, values",
        ),
        (
            r#"{{ untilStep(start=0, stop=6, step=2) | toJson }}"#,
            "[0,2,4]",
        ),
        (
            r#"{{ regexReplaceAll(pattern="a(x*)b", text="-ab-axxb-", to="${1}W") }}"#,
            "-W-xxW-",
        ),
        (r#"{{ round(value=123.5555, digits=3) }}"#, "123.556"),
        (
            r#"{{ genSelfSignedCert(name="a", ips=[], names=["b"], days=1).Cert }}"#,
            "Found `.`",
        ),
    ];
    for (template, expected) in cases {
        let text = match rendered("{}", &[("templates/x.tera", template)]) {
            Ok(text) => text,
            Err(error) => error.to_string(),
        };
        assert!(text.contains(expected), "{template} gives {text}");
    }
}

proptest! {
    /// The same tree as Go has it; as Tera has it, maps known again; and copied by Tera, so that nothing is known again.
    #[test]
    fn a_tree_is_the_same_in_both_languages(tree in tree::map()) {
        let values = yaml::to_yaml(&Value::Map([("v".to_owned(), Value::Map(tree))].into_iter().collect())).unwrap();
        let files = [
            ("templates/x.tera", r#"{{ Values.v | toJson }} {{ {...Values.v} | toJson }} {{ include(name="go") }}"#),
            ("templates/_go.tpl", r#"{{ define "go" }}{{ .Values.v | toJson }}{{ end }}"#),
        ];
        let text = rendered(&values, &files).unwrap();
        let third = (text.len() - 2) / 3;
        let (first, rest) = text.split_at(third);
        prop_assert_eq!(format!(" {first} {first}"), rest);
    }
}
