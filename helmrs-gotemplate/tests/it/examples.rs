//! Every function's examples render to what they say, here and under the reference.

use std::fmt::Write as _;
use std::process::Command;

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{Executor, Functions, MissingKey, TemplateSet, Value, sprig};

fn render(text: &str) -> String {
    let mut functions = Functions::new();
    sprig::register(&mut functions);
    let mut set = TemplateSet::new("examples", functions, MissingKey::Zero);
    if let Err(error) = set.parse("example", text) {
        return error.to_string();
    }
    let ambient = Fixed::default();
    match Executor::new(&set, &ambient).execute("example", &Value::Nil) {
        Ok(rendered) => String::from_utf8_lossy(&rendered).into_owned(),
        Err(error) => error.to_string(),
    }
}

fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    sprig::FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .flat_map(|function| function.examples.iter().copied())
}

#[test]
fn every_example_renders() {
    let wrong: Vec<String> = examples()
        .filter(|(template, expected)| render(template) != *expected)
        .map(|(template, expected)| {
            format!("{template}: {:?} instead of {expected:?}", render(template))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_renders_the_same_under_the_reference() {
    let Ok(helm) = std::env::var("HELMRS_REFERENCE_HELM") else {
        return;
    };
    let folder = std::env::temp_dir().join(format!("helmrs-examples-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("templates")).expect("a temporary folder");
    std::fs::write(
        folder.join("Chart.yaml"),
        "apiVersion: v2\nname: examples\nversion: 1.0.0\n",
    )
    .expect("writable");
    let mut text = String::from("items:\n");
    for (template, _) in examples() {
        let _ = writeln!(text, "- {{{{ tpl {template:?} . | toJson }}}}");
    }
    std::fs::write(folder.join("templates/examples.yaml"), text).expect("writable");
    let output = Command::new(helm)
        .arg("template")
        .arg(&folder)
        .output()
        .expect("the reference runs");
    std::fs::remove_dir_all(&folder).expect("removable");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let rendered: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    let expected: Vec<String> = examples()
        .map(|(_, expected)| {
            let escaped = expected
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            format!(
                "\"{}\"",
                escaped
                    .replace('<', "\\u003c")
                    .replace('>', "\\u003e")
                    .replace('&', "\\u0026")
            )
        })
        .collect();
    assert_eq!(rendered, expected);
}
