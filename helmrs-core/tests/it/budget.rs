//! What templates may cost: hostile ones stop with an error that a program can tell from others, and before they have
//! taken the time or the memory.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::{File, coalesce, load_files};
use helmrs_core::engine::{Budget, Exhausted, ReleaseOptions, RenderError, Rendering, render};
use helmrs_core::time::Time;
use helmrs_core::yaml::Map;
use helmrs_gotemplate::ambient::Fixed;

/// Enough for anything here that is not hostile.
const SMALL: Budget = Budget {
    steps: 100_000,
    bytes: 1 << 20,
};

/// What a template renders to.
fn rendered(path: &str, template: &str, budget: Budget) -> Result<String, RenderError> {
    let file = |(name, data): (&str, &str)| File {
        name: name.to_owned(),
        data: data.to_owned().into(),
        modified: Time::ZERO,
    };
    let chart_file = "{apiVersion: v2, name: shop, version: 1.0.0}";
    let files = [("Chart.yaml", chart_file), (path, template)].map(file);
    let chart = load_files(files.into(), &mut Vec::new()).unwrap();
    let values = coalesce::coalesce_values(&chart, &Map::new(), &mut Vec::new()).unwrap();
    let texts = render(&Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions::default(),
        capabilities: &Capabilities::default(),
        lookup: None,
        ambient: &Fixed::default(),
        enable_dns: false,
        strict: false,
        budget,
    })?;
    Ok(String::from_utf8_lossy(&texts[&format!("shop/{path}")]).into_owned())
}

/// What a template in Go's language has run out of.
fn exhausted(template: &str, budget: Budget) -> Exhausted {
    match rendered("templates/x.yaml", template, budget) {
        Err(RenderError::Exhausted { exhausted, .. }) => exhausted,
        other => panic!("{template}: {other:?}"),
    }
}

#[test]
fn what_takes_long_ends() {
    for template in [
        "{{ range 1000000000 }}{{ end }}",
        "{{ range 1000 }}{{ range 1000 }}{{ end }}{{ end }}",
        r#"{{ define "a" }}{{ template "b" . }}{{ template "b" . }}{{ end }}{{ define "b" }}{{ range 400 }}{{ $x := . }}{{ end }}{{ end }}
           {{ range 400 }}{{ template "a" . }}{{ end }}"#,
        r#"{{ range 100000 }}{{ tpl "{{ 1 }}" $ }}{{ end }}"#,
        r#"{{ range 9 }}{{ genPrivateKey "ecdsa" }}{{ end }}"#,
        r#"{{ range 9 }}{{ bcrypt "a" }}{{ end }}"#,
        "{{ $x := list }}{{ range 9000 }}{{ $x = append $x . }}{{ end }}",
    ] {
        assert_eq!(exhausted(template, SMALL), Exhausted::Steps(SMALL.steps));
    }
}

#[test]
fn what_takes_much_ends() {
    for template in [
        r#"{{ repeat 1000000000 "x" }}"#,
        r#"{{ $x := "x" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}"#,
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}",
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
        r#"{{ $x := dict }}{{ range 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ $x | deepCopy | len }}"#,
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = concat $x $x }}{{ end }}",
        "{{ until 16000000 | len }}",
        "{{ untilStep 0 -16000000 -1 | len }}",
        "{{ seq 16000000 | len }}",
        r#"{{ $x := repeat 2000 "a" }}{{ replace "a" $x $x | len }}"#,
        r#"{{ $x := repeat 2000 "a" }}{{ regexReplaceAll "a" $x $x | len }}"#,
        r#"{{ repeat 2000 "\n" | indent 10000 | len }}"#,
        r#"{{ range 2000 }}{{ printf "%1000d" . }}{{ end }}"#,
        r#"{{ define "a" }}{{ printf "%1000d" 1 }}{{ end }}{{ range 2000 }}{{ $x := include "a" . }}{{ end }}"#,
        r#"{{ splitList "" (repeat 200000 "a") | len }}"#,
    ] {
        assert_eq!(exhausted(template, SMALL), Exhausted::Bytes(SMALL.bytes));
    }
}

#[test]
fn the_error_says_where_and_what() {
    let template = "a: 1\nb: {{ include \"loop\" . }}{{ define \"loop\" }}{{ range 1000000 }}x{{ end }}{{ end }}";
    let error = rendered("templates/x.yaml", template, SMALL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "execution error at (shop/templates/x.yaml:2:6): the templates take more than 100000 steps"
    );
}

#[test]
fn all_templates_have_one_budget_and_the_default_is_enough_for_charts() {
    let template = r#"{{ range until 1000 }}{{ printf "%d" . | quote }}{{ end }}"#;
    assert!(rendered("templates/x.yaml", template, SMALL).is_ok());
    let twice = format!("{template}{template}");
    let half = Budget {
        steps: 6_000,
        ..SMALL
    };
    assert!(rendered("templates/x.yaml", template, half).is_ok());
    assert!(rendered("templates/x.yaml", &twice, half).is_err());
    let much = r#"{{ range until 100000 }}{{ printf "%d" . | quote }}{{ end }}"#;
    assert!(rendered("templates/x.yaml", much, Budget::default()).is_ok());
}

#[test]
fn loops_of_tera_are_counted() {
    let template =
        "{% for i in range(end=1000) %}{% for j in range(end=1000) %}{% endfor %}{% endfor %}";
    let error = rendered("templates/x.tera", template, SMALL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "execution error at (shop/templates/x.tera:1:30): the templates take more than 100000 steps"
    );
    let template =
        r#"{% for i in range(end=1000) %}{{ repeat(count=2000, text="x") }}{% endfor %}"#;
    match rendered("templates/x.tera", template, SMALL) {
        Err(RenderError::Exhausted { exhausted, .. }) => {
            assert_eq!(exhausted, Exhausted::Bytes(SMALL.bytes));
        }
        other => panic!("{other:?}"),
    }
}

/// Without a budget, too: a value that every turn nests once more would become deeper than the stack.
#[test]
fn loops_of_tera_have_an_end() {
    let template = "{% set x = [] %}\n{% for i in range(end=1000) -%}\n  {% for j in range(end=100000) %}{% set_global x = [x] %}{% endfor %}\n{% endfor %}";
    let error = rendered("templates/x.tera", template, Budget::UNLIMITED).unwrap_err();
    assert_eq!(
        error.to_string(),
        "shop/templates/x.tera:3:2\n  executing \"shop/templates/x.tera\" at <{% for j in range(end=100000) %}>:\n    \
         the loops of the template take more than 1000000 turns"
    );
}

/// What is put into loops to count them is not seen: neither in what is rendered nor in the places of errors.
#[test]
fn counting_changes_nothing() {
    let template = "{% for i in [1, 2] -%}\n  {{ i }}\n{%- else -%}\n none\n{%- endfor %} {% for i in [] %}x{% else %}none{% endfor %}";
    let text = rendered("templates/x.tera", template, Budget::UNLIMITED);
    assert_eq!(text.unwrap(), "12 none");
    let template = "{% for i in [1] %}é {{ fail(message=\"no\") }}{% endfor %}";
    let error = rendered("templates/x.tera", template, Budget::UNLIMITED).unwrap_err();
    assert_eq!(
        error.to_string(),
        "execution error at (shop/templates/x.tera:1:23): no"
    );
}
