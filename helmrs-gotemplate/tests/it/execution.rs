//! What templates render to, and how they fail. The expected texts are Go's own.

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{
    CallError, Executor, Functions, Map, MissingKey, TemplateError, TemplateSet, Type, Value,
};

fn functions() -> Functions {
    let mut functions = Functions::new();
    functions.register("upper", &[Type::String], false, |_, arguments| {
        let text = arguments[0].as_string().map(ToString::to_string);
        Ok(Value::from(text.unwrap_or_default().to_uppercase()))
    });
    functions.register("list", &[Type::Any], true, |_, arguments| {
        Ok(Value::list(arguments.to_vec()))
    });
    functions.register(
        "include",
        &[Type::String, Type::Any],
        false,
        |executor, arguments| {
            let name = arguments[0]
                .as_string()
                .map(ToString::to_string)
                .unwrap_or_default();
            Ok(Value::from(executor.execute(&name, &arguments[1])?))
        },
    );
    functions.register(
        "tpl",
        &[Type::String, Type::Any],
        false,
        |executor, arguments| {
            let text = arguments[0].as_string().cloned().unwrap_or_default();
            Ok(Value::from(executor.evaluate(&text, &arguments[1])?))
        },
    );
    functions.register("fail", &[Type::String], false, |_, arguments| {
        Err(CallError::Refused(
            arguments[0]
                .as_string()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ))
    });
    functions
}

fn data() -> Value {
    let inner: Map = [("b", Value::int(1))].into_iter().collect();
    let map: Map = [
        ("a", Value::Map(inner)),
        ("name", Value::from("web")),
        (
            "list",
            Value::list(vec![Value::from("x"), Value::from("y")]),
        ),
        ("number", Value::Float(3.0)),
    ]
    .into_iter()
    .collect();
    Value::Map(map)
}

fn render_with(missing: MissingKey, text: &str) -> Result<String, TemplateError> {
    let mut set = TemplateSet::new("set", functions(), missing);
    set.parse("t", text)?;
    let output = Executor::new(&set, &Fixed::default()).execute("t", &data())?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

fn render(text: &str) -> String {
    render_with(MissingKey::Zero, text).unwrap_or_else(|error| error.to_string())
}

#[test]
fn every_example_of_a_built_in_function_renders() {
    for (template, want) in Functions::builtin_examples() {
        assert_eq!(render(template), want, "{template}");
    }
}

#[test]
fn a_variable_lives_until_the_end_of_its_block() {
    assert_eq!(
        render("{{$x := 1}}{{if true}}{{$x = 2}}{{$y := 3}}{{$y}}{{end}}{{$x}}"),
        "32"
    );
    assert_eq!(
        render("{{with $y := 5}}{{$y}}{{end}}{{range $i, $e := .list}}{{$i}}{{$e}}{{end}}"),
        "50x1y"
    );
}

#[test]
fn a_variable_declared_in_the_other_branch_is_undefined() {
    assert_eq!(
        render("{{if false}}{{$y := 1}}{{else}}{{$y}}{{end}}"),
        "template: t:1:33: executing \"t\" at <$y>: undefined variable: $y"
    );
}

#[test]
fn loops_are_left_and_continued() {
    assert_eq!(
        render(
            "{{range 5}}{{if eq . 1}}{{continue}}{{end}}{{if eq . 3}}{{break}}{{end}}{{.}}{{end}}"
        ),
        "02"
    );
    assert_eq!(render("{{range $x := .nope}}{{else}}none{{end}}"), "none");
}

#[test]
fn a_map_changed_while_it_is_ranged_over_keeps_its_entries() {
    assert_eq!(
        render("{{range $k, $v := .}}{{$k}} {{end}}"),
        "a list name number "
    );
}

#[test]
fn else_if_and_else_with_need_one_end() {
    assert_eq!(render("{{if false}}1{{else if .a}}2{{else}}3{{end}}"), "2");
    assert_eq!(
        render("{{with .nope}}1{{else with .name}}{{.}}{{end}}"),
        "web"
    );
}

#[test]
fn a_missing_key_is_no_value_and_an_error_if_strict() {
    assert_eq!(render("{{.nope}}"), "<no value>");
    assert_eq!(
        render("{{.nope.deeper}}"),
        "template: t:1:7: executing \"t\" at <.nope.deeper>: nil pointer evaluating interface {}.deeper"
    );
    assert_eq!(
        render_with(MissingKey::Error, "{{.nope}}")
            .unwrap_err()
            .to_string(),
        "template: t:1:2: executing \"t\" at <.nope>: map has no entry for key \"nope\""
    );
}

#[test]
fn arguments_are_checked_against_the_declaration() {
    for (text, want) in [
        ("{{upper 1}}", "<1>: expected string; found 1"),
        (
            "{{upper .number}}",
            "<.number>: wrong type for value; expected string; got float64",
        ),
        ("{{upper nil}}", "<nil>: cannot assign nil to string"),
        (
            "{{.nope | upper}}",
            "<upper>: invalid value; expected string",
        ),
        (
            "{{upper .nope}}",
            "<.nope>: wrong type for value; expected string; got interface {}",
        ),
        (
            "{{upper}}",
            "<upper>: wrong number of args for upper: want 1 got 0",
        ),
        (
            "{{.name 1}}",
            "<.name>: name is not a method but has arguments",
        ),
        ("{{1 2}}", "<1>: can't give argument to non-function 1"),
    ] {
        let got = render(text);
        assert!(got.ends_with(want), "{text}: {got}");
    }
}

#[test]
fn a_failing_include_keeps_the_frames_as_data() {
    let text = "{{define \"x\"}}\n  {{.a.b.c}}{{end}}{{include \"x\" .}}";
    let error = render_with(MissingKey::Zero, text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "template: t:2:21: executing \"t\" at <include \"x\" .>: error calling include: \
         template: t:2:6: executing \"x\" at <.a.b.c>: can't evaluate field c in type interface {}"
    );
    let TemplateError::Execute(outer) = error else {
        panic!("not an execution error")
    };
    let Some(CallError::Template(TemplateError::Execute(inner))) = &outer.cause else {
        panic!("no cause")
    };
    assert_eq!(
        (
            inner.executing.as_str(),
            inner.place.line,
            inner.place.column
        ),
        ("x", 2, 6)
    );
}

#[test]
fn what_an_evaluated_text_defines_is_seen_within_and_forgotten_after() {
    assert_eq!(
        render(r#"{{tpl "{{define \"in\"}}I{{end}}{{include \"in\" .}}" .}}"#),
        "I"
    );
    assert_eq!(
        render(r#"{{$x := tpl "{{define \"in\"}}I{{end}}" .}}{{include "in" .}}"#),
        "template: t:1:45: executing \"t\" at <include \"in\" .>: error calling include: \
         template: no template \"in\" associated with template \"set\""
    );
}

#[test]
fn recursion_ends_in_an_error_and_not_in_a_crash() {
    let text = "{{define \"x\"}}{{template \"x\" .}}{{end}}{{template \"x\" .}}";
    assert!(render(text).ends_with("exceeded maximum template depth (100000)"));
}

#[test]
fn a_text_that_evaluates_itself_ends_in_an_error() {
    let data: Map = [("text", Value::from("{{tpl .text .}}"))]
        .into_iter()
        .collect();
    let mut set = TemplateSet::new("set", functions(), MissingKey::Zero);
    set.parse("t", "{{tpl .text .}}").expect("a template");
    let error = Executor::new(&set, &Fixed::default()).execute("t", &Value::Map(data));
    let error = error.expect_err("there is no end").to_string();
    assert!(error.ends_with("template: set: exceeded maximum template depth (5000)"));
}

#[test]
fn nested_includes_do_not_overflow_a_small_stack() {
    let text = r#"{{define "x"}}{{if lt (len .) 2000}}{{with $y := .}}{{range 1}}{{include "x" (printf "%s." $y)}}{{end}}{{end}}{{end}}{{end}}{{include "x" ""}}"#;
    let thread = std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(|| render(text));
    assert_eq!(thread.expect("a thread").join().expect("no overflow"), "");
}

#[test]
fn a_map_that_contains_itself_is_printed_to_an_end() {
    let map = Map::new();
    map.insert("self", map.clone());
    let mut set = TemplateSet::new("set", functions(), MissingKey::Zero);
    set.parse("t", "{{.}}").expect("a template");
    let output = Executor::new(&set, &Fixed::default()).execute("t", &Value::Map(map.clone()));
    assert!(output.expect("text").starts_with(b"map[self:map[self:"));
    map.remove("self");
}
