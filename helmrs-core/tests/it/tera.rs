//! Templates in Tera: the examples of `docs/tera.md`, and what holds between the two languages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod translate;

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::{File, coalesce, load_files};
use helmrs_core::engine::{Budget, ReleaseOptions, RenderError, Rendering, render};
use helmrs_core::time::Time;
use helmrs_core::yaml::{self, Map, Value};
use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{Functions, sprig};
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
    let files = all.iter().chain(files).map(file).collect();
    let chart = load_files(files, &mut Vec::new()).unwrap();
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
        budget: Budget::UNLIMITED,
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

/// What the examples of functions show of Go, they show of Tera: called with numbered arguments, and printed by Go.
#[test]
fn functions_do_in_tera_what_they_do_in_go() {
    let sprig = sprig::FAMILIES.iter().flat_map(|family| family.iter());
    let examples = sprig.flat_map(|function| function.examples.iter().copied());
    let mut compared = 0;
    let mut differing = Vec::new();
    for (template, expected) in examples.chain(Functions::builtin_examples()) {
        // An integer of Tera's is an `int64`, and `not` is an operator.
        if ["typeIs ", "not "]
            .iter()
            .any(|other| template.contains(other))
        {
            continue;
        }
        let Some(call) = translate::call(template) else {
            continue;
        };
        let text = format!("{{{{ toString(value={call}) }}}}");
        let given = match rendered("{}", &[("templates/x.tera", &text)]) {
            Ok(text) => text,
            Err(error) => error.to_string(),
        };
        if given != expected {
            differing.push(format!("{template} -> {text}: {given:?}, not {expected:?}"));
        }
        compared += 1;
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(compared > 150, "{compared} examples");
}

#[test]
fn arguments_have_names() {
    let cases = [
        ("{{ dict(pairs=[\"a\", 1]) | toJson }}", r#"{"a":1}"#),
        (
            "{{ and(a=1, values=[0]) }} {{ or(a=\"\", values=[\"x\"]) }} {{ not(1) }}",
            "0 x false",
        ),
        (
            "{{ eq(a=1, b=2) }}",
            "eq has no argument b; it takes a, values",
        ),
        (
            "{{ untilStep(start=0, stop=6, step=2) | toJson }}",
            "[0,2,4]",
        ),
        ("{{ round(value=123.5555, digits=3) }}", "123.556"),
        (
            "{{ genSelfSignedCert(name=\"a\", ips=[], names=[\"b\"], days=1) | get(key=\"Cert\") }}",
            "BEGIN CERT",
        ),
        (
            "{{ genCA(name=\"a\", days=1) | genSignedCert(name=\"a\", ips=none, names=[], days=1) | get(key=\"Key\") }}",
            "BEGIN RSA",
        ),
        ("{{ \"a\" | quote(values=[]) }}", "\"a\""),
        (
            "{{ Values.nope | quote }}",
            "what is piped in is not defined",
        ),
        ("{{ quote(values=[Values.nope]) }}", ""),
        (
            "{{ Values.nope | required(message=\"set it\") }}",
            "execution error at (shop/templates/x.tera:1:17): set it",
        ),
        (
            "{{ now() | AddDate(years=1, months=0, days=0) | Year }}",
            "1971",
        ),
        ("{{ now() | Add(duration=3600000000000) | Hour }}", "1"),
        ("{{ 1 | Year }}", "int64 has no method Year"),
    ];
    for (template, expected) in cases {
        let text = match rendered("{}", &[("templates/x.tera", template)]) {
            Ok(text) => text,
            Err(error) => error.to_string(),
        };
        assert!(text.contains(expected), "{template} gives {text}");
    }
}

#[test]
fn languages_that_include_each_other_without_end_are_stopped() {
    let files = [
        ("templates/x.tera", r#"{{ include(name="go") }}"#),
        ("templates/_part.tera", r#"{{ include(name="go") }}"#),
        (
            "templates/_go.tpl",
            r#"{{ define "go" }}{{ include "_part.tera" . }}{{ end }}"#,
        ),
    ];
    let error = rendered("{}", &files).unwrap_err().to_string();
    let end =
        "rendering template has a nested reference name: _part.tera: unable to execute template";
    assert!(error.ends_with(end), "{}", &error[error.len() - 200..]);
    let text = r#"{{ tpl(template="{{ tpl(template=context.t) }}", context={"t": "{{ tpl(template=context.t) }}"}) }}"#;
    let error = rendered("{}", &[("templates/x.tera", text)]).unwrap_err();
    assert!(error.to_string().contains("nested reference name: gotpl"));
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
