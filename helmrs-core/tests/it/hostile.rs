//! What charts, archives, schemas and values may try, and what becomes of it: a test for each class that Helm was found to
//! fall for, named in its first line, and for those that any program of the kind may fall for.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::{self, Chart, File, coalesce, load_files};
use helmrs_core::engine::{self, Budget, ReleaseOptions, Rendering};
use helmrs_core::error_chain::joined;
use helmrs_core::time::Time;
use helmrs_core::values::schema::{NoLoader, validate};
use helmrs_core::values::{self, set};
use helmrs_core::yaml::{self, Map};
use helmrs_gotemplate::ambient::Fixed;

const CHART_FILE: &str = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

/// An archive of entries, given by their names and texts; names are written as they are.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for (name, data) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        gzip.write_all(header.as_bytes()).unwrap();
        gzip.write_all(data).unwrap();
        let rest = data.len().next_multiple_of(512) - data.len();
        gzip.write_all(&vec![0; rest]).unwrap();
    }
    gzip.write_all(&[0; 1024]).unwrap();
    gzip.finish().unwrap()
}

/// What loading an archive comes to, in words.
fn loading(entries: &[(&str, &[u8])]) -> String {
    match chart::load_archive(&archive(entries), &mut Vec::new()) {
        Ok(chart) => format!("loaded {}", chart.name()),
        Err(error) => joined(&error),
    }
}

fn load(files: &[(&str, &str)]) -> Result<Chart, String> {
    let file = |(name, data): &(&str, &str)| File {
        name: (*name).to_owned(),
        data: (*data).to_owned().into(),
        modified: Time::ZERO,
    };
    let files = files.iter().map(file).collect();
    load_files(files, &mut Vec::new()).map_err(|error| joined(&error))
}

/// What loading a chart with that `Chart.yaml` comes to.
fn described(chart_file: &str) -> String {
    load(&[("Chart.yaml", chart_file)]).map_or_else(|error| error, |chart| chart.name().to_owned())
}

/// What a template renders to, in a program that has a resolver but was not told to use it.
fn rendered(template: &str) -> Result<String, String> {
    let files = [("Chart.yaml", CHART_FILE), ("templates/x.yaml", template)];
    let chart = load(&files)?;
    let values = coalesce::coalesce_values(&chart, &Map::new(), &mut Vec::new()).unwrap();
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
    let texts = engine::render(&rendering).map_err(|error| joined(&error))?;
    Ok(String::from_utf8_lossy(&texts["shop/templates/x.yaml"]).into_owned())
}

/// CVE-2019-1000008: names of entries that lead out of the chart.
#[test]
fn archives_cannot_name_files_elsewhere() {
    for (name, refusal) in [
        (
            "shop//etc/passwd",
            "chart illegally contains absolute paths",
        ),
        (
            "shop/../../x",
            "chart illegally references parent directory",
        ),
        (
            "shop\\..\\..\\x",
            "chart illegally references parent directory",
        ),
        ("shop/c:/x", "chart contains illegally named files"),
        ("Chart.yaml/x", "chart yaml not in base directory"),
    ] {
        let whole = loading(&[("shop/Chart.yaml", CHART_FILE.as_bytes()), (name, b"x")]);
        assert_eq!(whole, refusal, "{name}");
    }
}

/// CVE-2025-32386: a small archive that unpacks to a huge one, here in several members: gzip goes on after the first.
#[test]
fn an_archive_unpacks_to_a_hundred_megabytes_at_most() {
    let member = |data: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(data).unwrap();
        gzip.finish().unwrap()
    };
    let mut header = tar::Header::new_gnu();
    header.set_path("shop/x").unwrap();
    header.set_size(102 << 20);
    header.set_cksum();
    let mut bytes = member(header.as_bytes());
    let piece = member(&vec![0; 1 << 20]);
    for _ in 0..102 {
        bytes.extend_from_slice(&piece);
    }
    let error = chart::load_archive(&bytes, &mut Vec::new()).unwrap_err();
    assert!(
        joined(&error).contains("larger than the maximum size"),
        "{error}"
    );
}

/// CVE-2020-15184: an alias that is a path.
#[test]
fn aliases_are_plain_words() {
    let refusal = described(&format!(
        "{CHART_FILE}dependencies: [{{name: a, alias: ../b}}]"
    ));
    assert_eq!(
        refusal,
        "validation: dependency \"a\" has disallowed characters in the alias"
    );
}

/// CVE-2021-21303: texts that a terminal would obey.
#[test]
fn what_does_not_print_is_taken_out_of_metadata() {
    let text = format!(
        "{CHART_FILE}description: \"a\\e[31mb\\u202e\"\nmaintainers: [{{name: \"c\\ad\"}}]\n\
         dependencies: [{{name: e, repository: \"f\\bg\"}}]"
    );
    let metadata = load(&[("Chart.yaml", &text)]).unwrap().metadata;
    assert_eq!(metadata.description, "a[31mb");
    assert_eq!(metadata.maintainers[0].name, "cd");
    assert_eq!(metadata.dependencies[0].repository, "fg");
}

/// CVE-2024-25620: a name that is a path, so that the chart is saved elsewhere.
#[test]
fn names_are_no_paths() {
    for name in ["../shop", "/shop", "shop/", "a/b"] {
        let refusal = described(&CHART_FILE.replace("shop", name));
        let expected = format!("validation: chart.metadata.name \"{name}\" is invalid");
        assert_eq!(refusal, expected);
    }
}

/// CVE-2026-35206: a name by which the chart would be unpacked into the folder around it.
#[test]
fn names_are_no_dots() {
    for name in [".", ".."] {
        let refusal = described(&CHART_FILE.replace("shop", name));
        let expected = format!("validation: chart.metadata.name \"{name}\" is not allowed");
        assert_eq!(refusal, expected);
    }
}

/// CVE-2025-55198: nulls and other types where a list of structs is expected.
#[test]
fn odd_chart_files_are_refused_in_words() {
    for list in ["maintainers", "dependencies"] {
        for value in ["[null]", "[[]]", "[1]", "{}", "x", "[{name: []}]"] {
            let refusal = described(&format!("{CHART_FILE}{list}: {value}"));
            assert_ne!(refusal, "shop", "{list}: {value}");
        }
    }
    for text in [
        "",
        "null",
        "[]",
        "1",
        "a: [",
        "? {}",
        "!!binary a",
        "&a [*a]",
        "\u{0}",
    ] {
        assert_ne!(described(text), "shop", "{text}");
    }
}

/// CVE-2022-36055: an index for which all memory would not do.
#[test]
fn indexes_in_set_have_a_bound() {
    let error = set::parse_into(&mut Map::new(), "a[9999999999]=x").unwrap_err();
    assert!(
        joined(&error)
            .ends_with("index of 9999999999 is greater than maximum supported index of 65536"),
        "{error}"
    );
    assert!(set::parse_into(&mut Map::new(), "a[-1]=x").is_err());
}

/// CVE-2022-23524: keys nested until the stack ends.
#[test]
fn keys_in_set_nest_thirty_deep() {
    let nested = |depth: usize| format!("{}=x", vec!["a"; depth].join("."));
    assert!(set::parse_into(&mut Map::new(), &nested(30)).is_ok());
    let error = set::parse_into(&mut Map::new(), &nested(100_000)).unwrap_err();
    assert_eq!(
        joined(&error),
        "value name nested level is greater than maximum supported nested level of 30"
    );
}

/// CVE-2022-23526: schemas that are none.
#[test]
fn broken_schemas_are_errors() {
    let values = values::read(b"a: 1").unwrap();
    for schema in [
        "",
        "{",
        "[]",
        "1",
        "null",
        "\"x\"",
        r#"{"type": "x"}"#,
        r#"{"type": 1}"#,
        r#"{"properties": []}"#,
        r#"{"$ref": 1}"#,
        r#"{"pattern": "("}"#,
        r##"{"$ref": "#/nowhere"}"##,
        r#"{"$schema": "x"}"#,
        r#"{"$id": ":"}"#,
        r#"{"required": [1]}"#,
        r#"{"multipleOf": 0}"#,
    ] {
        assert!(
            validate(&values, schema.as_bytes(), &NoLoader).is_err(),
            "{schema}"
        );
    }
}

/// CVE-2025-32387: schemas that lead to themselves, and schemas without end.
#[test]
fn recursive_schemas_come_to_an_end() {
    let values = values::read(b"a: {a: {a: {}}}").unwrap();
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"$ref": "#"}]}"##,
        r##"{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"}"##,
        r##"{"properties": {"a": {"$ref": "#"}}}"##,
    ] {
        let _ = validate(&values, schema.as_bytes(), &NoLoader);
    }
    let depth = 100_000;
    for (open, close) in [
        (r#"{"not":"#, "}"),
        (r#"{"allOf":["#, "]}"),
        (r#"{"items":"#, "}"),
    ] {
        let schema = format!("{}{{}}{}", open.repeat(depth), close.repeat(depth));
        assert!(validate(&values, schema.as_bytes(), &NoLoader).is_err());
    }
}

/// CVE-2025-55199: without a loader of its own, nothing that a schema names is looked at.
#[test]
fn schemas_refer_to_nothing_elsewhere() {
    let values = values::read(b"a: 1").unwrap();
    for url in [
        "file:///dev/zero",
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "https://example.com/a",
    ] {
        let schema = format!(r#"{{"$ref": "{url}"}}"#);
        let error = validate(&values, schema.as_bytes(), &NoLoader).unwrap_err();
        assert!(
            error.to_string().contains("no URLLoader registered"),
            "{error}"
        );
    }
}

/// CVE-2023-25165: names that are resolved in order to tell somebody something.
#[test]
fn templates_resolve_no_names_unless_told_to() {
    let text = rendered(r#"[{{ getHostByName "secret.example.com" }}]"#);
    assert_eq!(text.unwrap(), "[]");
}

/// Templates see nothing of the environment.
#[test]
fn there_is_no_environment_for_templates() {
    for call in [r#"{{ env "HOME" }}"#, r#"{{ expandenv "$HOME" }}"#] {
        let error = rendered(call).unwrap_err();
        assert!(error.contains("not defined"), "{error}");
    }
}

/// CVE-2020-11013: a template asks no cluster where there is none to ask.
#[test]
fn lookups_without_a_cluster_find_nothing() {
    let text = rendered(r#"{{ lookup "v1" "Secret" "kube-system" "" }}"#);
    assert_eq!(text.unwrap(), "map[]");
}

/// A pattern for which engines that go back and forth need years.
#[test]
fn patterns_take_linear_time() {
    let long = "a".repeat(50_000);
    let template = format!(r#"{{{{ regexMatch "^(a+)+$" "{long}!" }}}}"#);
    assert_eq!(rendered(&template).unwrap(), "false");
}

/// Aliases that stand for aliases that stand for aliases.
#[test]
fn aliases_do_not_multiply_without_end() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let names = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{names}]").unwrap();
    }
    let error = yaml::parse(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("excessive aliasing"), "{error}");
}

/// Documents that nest until the stack ends.
#[test]
fn documents_nest_as_deep_as_the_stack_allows() {
    let depth = 200_000;
    for text in [
        "[".repeat(depth),
        "{a: ".repeat(depth),
        "- ".repeat(depth),
        format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        "? ".repeat(depth),
    ] {
        assert!(yaml::parse(text.as_bytes()).is_err());
        assert!(values::read(text.as_bytes()).is_err());
        assert!(yaml::json::parse(text.as_bytes()).is_err());
        assert_ne!(described(&text), "shop");
    }
}
