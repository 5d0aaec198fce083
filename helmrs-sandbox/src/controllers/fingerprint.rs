//! The hash of a pod template: the one Kubernetes itself gives it.
//!
//! Kubernetes hashes what Go prints of its own structures, so this prints a template as they would be
//! printed, from a list of their fields (`schema/pod_template.txt`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::Value as Json;

use super::pods::encode;

/// What a Go type is.
#[derive(Debug)]
enum Type {
    /// Fields in order: Go's name, the name in JSON (`.` if its fields are the outer one's), the type.
    Structure(Vec<[&'static str; 3]>),
    /// Another name for a type.
    Word(&'static str),
}

static TYPES: LazyLock<BTreeMap<&'static str, Type>> =
    LazyLock::new(|| read(include_str!("../../schema/pod_template.txt")));

fn read(text: &'static str) -> BTreeMap<&'static str, Type> {
    let mut types = BTreeMap::new();
    let mut structure = "";
    for line in text.lines() {
        let words: Vec<&'static str> = line.split_ascii_whitespace().collect();
        match words.as_slice() {
            ["struct", name] => {
                structure = name;
                types.insert(structure, Type::Structure(Vec::new()));
            }
            ["word", name, other] => {
                types.insert(*name, Type::Word(other));
            }
            [name, json, kind] => {
                if let Some(Type::Structure(fields)) = types.get_mut(structure) {
                    fields.push([name, json, kind]);
                }
            }
            _ => {}
        }
    }
    types
}

/// The hash of a template, as in the label `pod-template-hash`.
// Parity: Kubernetes, pkg/controller/controller_utils.go, ComputeHash.
pub(super) fn of(template: &Json) -> String {
    let mut text = String::new();
    print(&mut text, "PodTemplateSpec", Some(template), true);
    encode(text.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }))
}

/// Prints a value as the Go type it has; `typed` says whether the type is printed too.
// Parity: go-spew, format.go, with `%#v` and without pointer addresses.
fn print(out: &mut String, kind: &'static str, value: Option<&Json>, typed: bool) {
    let value = value.filter(|value| !value.is_null());
    if typed {
        out.push('(');
        out.push_str(&go_name(kind));
        out.push(')');
    }
    if let Some(inner) = kind.strip_prefix('*') {
        match value {
            None => out.push_str("<nil>"),
            Some(_) if typed => print(out, inner, value, false),
            Some(_) => {
                out.push_str("<*>");
                print(out, inner, value, false);
            }
        }
        return;
    }
    if let Some(inner) = kind.strip_prefix("[]") {
        match value.and_then(Json::as_array) {
            None => out.push_str("<nil>"),
            Some(items) => print_items(out, inner, items),
        }
        return;
    }
    if let Some((_, inner)) = kind
        .strip_prefix("map[")
        .and_then(|kind| kind.split_once(']'))
    {
        match value.and_then(Json::as_object) {
            None => out.push_str("<nil>"),
            Some(fields) => print_map(out, inner, fields),
        }
        return;
    }
    print_named(out, kind, value);
}

fn print_items(out: &mut String, kind: &'static str, items: &[Json]) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        print(out, kind, Some(item), false);
    }
    out.push(']');
}

fn print_map(out: &mut String, kind: &'static str, fields: &serde_json::Map<String, Json>) {
    let sorted: BTreeMap<&String, &Json> = fields.iter().collect();
    out.push_str("map[");
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(name);
        out.push(':');
        print(out, kind, Some(value), false);
    }
    out.push(']');
}

fn print_named(out: &mut String, kind: &'static str, value: Option<&Json>) {
    let text = || value.and_then(Json::as_str).unwrap_or_default();
    match kind {
        "string" | "types.UID" => out.push_str(text()),
        "bool" => out.push_str(if value == Some(&Json::Bool(true)) {
            "true"
        } else {
            "false"
        }),
        "int32" | "int64" => {
            out.push_str(&value.and_then(Json::as_i64).unwrap_or_default().to_string());
        }
        "metav1.Time" => {
            out.push_str(
                "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}",
            );
        }
        "intstr.IntOrString" => print_int_or_string(out, value),
        "resource.Quantity" => print_quantity(out, text()),
        _ => match TYPES.get(kind) {
            Some(Type::Word(other)) => print(out, other, value, false),
            Some(Type::Structure(fields)) => print_structure(out, fields, value),
            None => {}
        },
    }
}

fn print_structure(out: &mut String, fields: &[[&'static str; 3]], value: Option<&Json>) {
    out.push('{');
    for (index, [name, json, kind]) in fields.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(name);
        out.push(':');
        let inner = if *json == "." {
            value
        } else {
            value.and_then(|value| value.get(json))
        };
        print(out, kind, inner, true);
    }
    out.push('}');
}

fn print_int_or_string(out: &mut String, value: Option<&Json>) {
    let number = value.and_then(Json::as_i64).unwrap_or_default();
    let text = value.and_then(Json::as_str);
    let kind = u8::from(text.is_some());
    let text = text.unwrap_or_default();
    let number = format!("IntVal:(int32){number} StrVal:(string){text}");
    let _ = write!(out, "{{Type:(intstr.Type){kind} {number}}}");
}

/// The suffixes of powers of ten.
const DECIMAL: &[(&str, i32)] = &[
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];

/// The suffixes of powers of 1024.
const BINARY: &[&str] = &["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// An amount as Go holds it, read from its canonical form.
struct Amount {
    value: i64,
    scale: i32,
    format: &'static str,
    /// Whether the text it was read from is kept.
    kept: bool,
}

impl Amount {
    // Parity: Kubernetes, apimachinery/pkg/api/resource/quantity.go, ParseQuantity: the text is kept
    // where it is surely canonical.
    fn read(text: &str) -> Self {
        let end = text.find(|c: char| c.is_ascii_alphabetic());
        let (digits, suffix) = text.split_at(end.unwrap_or(text.len()));
        let value: i64 = digits.parse().unwrap_or_default();
        let binary = (1_u32..).zip(BINARY).find(|(_, name)| **name == suffix);
        if let Some((power, _)) = binary {
            let kept = value & 7 != 0;
            let value = value.wrapping_shl(10 * power);
            return Self {
                value,
                scale: 0,
                format: "BinarySI",
                kept,
            };
        }
        let kept = text == "0" || !digits.ends_with("000");
        let known = DECIMAL.iter().find(|(name, _)| *name == suffix);
        let power = suffix
            .strip_prefix('e')
            .and_then(|power| power.parse().ok());
        let format = if known.is_some() {
            "DecimalSI"
        } else {
            "DecimalExponent"
        };
        let scale = known.map(|(_, scale)| *scale).or(power).unwrap_or_default();
        Self {
            value,
            scale,
            format,
            kept,
        }
    }
}

fn print_quantity(out: &mut String, text: &str) {
    let Amount {
        value,
        scale,
        format,
        kept,
    } = Amount::read(text);
    let kept = if kept { text } else { "" };
    let number = format!("value:(int64){value} scale:(resource.Scale){scale}");
    let number = format!("i:(resource.int64Amount){{{number}}}");
    let number = format!("{number} d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}}");
    let _ = write!(
        out,
        "{{{number} s:(string){kept} Format:(resource.Format){format}}}"
    );
}

/// The name Go gives a type.
fn go_name(kind: &str) -> String {
    for prefix in ["*", "[]"] {
        if let Some(inner) = kind.strip_prefix(prefix) {
            return format!("{prefix}{}", go_name(inner));
        }
    }
    if let Some((key, value)) = kind
        .strip_prefix("map[")
        .and_then(|kind| kind.split_once(']'))
    {
        return format!("map[{}]{}", go_name(key), go_name(value));
    }
    match kind.split_once('.') {
        Some(("metav1", name)) => format!("v1.{name}"),
        None if kind.starts_with(|c: char| c.is_ascii_uppercase()) => format!("v1.{kind}"),
        _ => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn templates_have_the_hash_kubernetes_gives_them() {
        let template = json!({"metadata": {"labels": {"app": "r1-web"}}, "spec": {
            "containers": [{"image": "nginx:1", "imagePullPolicy": "IfNotPresent", "name": "main", "resources": {},
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}],
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "securityContext": {}, "terminationGracePeriodSeconds": 0}});
        assert_eq!(super::of(&template), "98dcb74df");
    }

    #[test]
    fn amounts_are_printed_as_go_holds_them() {
        let mut out = String::new();
        super::print_quantity(&mut out, "500m");
        assert_eq!(
            out,
            "{i:(resource.int64Amount){value:(int64)500 scale:(resource.Scale)-3} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)500m Format:(resource.Format)DecimalSI}"
        );
    }

    #[test]
    fn every_type_of_a_field_is_known() {
        let words = [
            "string",
            "bool",
            "int32",
            "int64",
            "metav1.ManagedFieldsEntry",
            "metav1.Time",
            "types.UID",
            "intstr.IntOrString",
            "resource.Quantity",
        ];
        let bare = |kind: &'static str| kind.trim_start_matches(['*', '[', ']']);
        for (name, kind) in super::TYPES.iter() {
            let kinds: Vec<&str> = match kind {
                super::Type::Word(other) => vec![bare(other)],
                super::Type::Structure(fields) => {
                    fields.iter().map(|[_, _, kind]| bare(kind)).collect()
                }
            };
            for kind in kinds.into_iter().filter(|kind| !kind.starts_with("map[")) {
                assert!(
                    words.contains(&kind) || super::TYPES.contains_key(kind),
                    "{name}: {kind}"
                );
            }
        }
    }
}
