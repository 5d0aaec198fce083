//! Texts that are no templates, and what is said of them. The expected texts are Go's own.

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{Executor, Functions, MissingKey, TemplateSet, Value};

fn error(text: &str) -> String {
    let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
    match set.parse("t", text) {
        Ok(()) => "no error".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_no_template_is_told_with_its_line() {
    for (text, want) in [
        ("{{", "t:1: unclosed action"),
        ("a\n{{\n\n", "t:4: unclosed action started at t:2"),
        (
            "{{\n\"x",
            "t:2: unterminated quoted string in action started at t:1",
        ),
        ("{{/* x", "t:1: unclosed comment"),
        ("{{/* x */ }}", "t:1: comment ends before closing delimiter"),
        ("{{if .x}}\n", "t:2: unexpected EOF"),
        ("{{end}}", "t:1: unexpected {{end}}"),
        ("{{else}}", "t:1: unexpected {{else}}"),
        (
            "{{if .x}}{{else}}{{else}}{{end}}",
            "t:1: expected end; found {{else}}",
        ),
        ("{{}}", "t:1: missing value for command"),
        ("{{range}}{{end}}", "t:1: missing value for range"),
        ("{{nope}}", "t:1: function \"nope\" not defined"),
        ("{{$x}}", "t:1: undefined variable \"$x\""),
        (
            "{{1 | 2}}",
            "t:1: non executable command in pipeline stage 2",
        ),
        ("{{print 1 |}}", "no error"),
        ("{{\"a\".b}}", "t:1: unexpected . after term \"\\\"a\\\"\""),
        ("{{break}}", "t:1: {{break}} outside {{range}}"),
        (
            "{{template .x}}",
            "t:1: unexpected \".x\" in template clause",
        ),
        ("{{template \"x\" 1 2 |}}", "no error"),
        (
            "{{define \"x\"}}a{{end}}{{define \"x\"}}b{{end}}",
            "t:1: template: multiple definition of template \"x\"",
        ),
        (
            "{{if true}}{{define \"x\"}}{{end}}{{end}}",
            "t:1: unexpected <define> in command",
        ),
        (
            "{{range $a, $b, $c := .}}{{end}}",
            "t:1: too many declarations in range",
        ),
        ("{{.x.}}", "t:1: unexpected <.> in operand"),
        ("{{'ab'}}", "t:1: malformed character constant: 'ab'"),
        (
            "{{99999999999999999999}}",
            "t:1: integer overflow: \"99999999999999999999\"",
        ),
        ("{{a-b}}", "t:1: bad character U+002D '-'"),
        ("{{\u{1}}}", "t:1: unrecognized character in action: U+0001"),
    ] {
        let got = error(text);
        assert_eq!(
            got.strip_prefix("template: ").unwrap_or(&got),
            want,
            "{text}"
        );
    }
}

#[test]
fn parentheses_nest_only_so_deep() {
    let nested = |depth: usize| format!("{{{{{}1{}}}}}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(error(&nested(10_000)), "no error");
    assert_eq!(
        error(&nested(10_001)),
        "template: t:1: max expression depth exceeded"
    );
}

#[test]
fn actions_nest_without_overflow() {
    let text = "{{if 1}}".repeat(50_000) + &"{{end}}".repeat(50_000);
    assert_eq!(error(&text), "no error");
}

#[test]
fn an_empty_template_does_not_replace_another() {
    let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
    set.parse("a", "{{define \"x\"}}first{{end}}")
        .expect("a template");
    set.parse("b", "{{define \"x\"}} {{/* nothing */}}{{end}}")
        .expect("a template");
    let ambient = Fixed::default();
    let output = Executor::new(&set, &ambient).execute("x", &Value::Nil);
    assert_eq!(*output.expect("text"), *b"first");
}
