//! The hash of a pod template: the one Kubernetes itself gives it.
//!
//! Kubernetes hashes what Go prints of its own structures, so this prints a template as they would be
//! printed, from a list of their fields (`schema/pod_template.txt`).

use std::collections::BTreeMap;
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
    out.push_str(&format!(
        "{{Type:(intstr.Type){kind} IntVal:(int32){number} StrVal:(string){text}}}"
    ));
}

/// An amount in canonical form: a number, a power of ten or of 1024, and the text it was read from.
// Parity: Kubernetes, apimachinery/pkg/api/resource/quantity.go, ParseQuantity: the text is kept where it is surely canonical.
fn print_quantity(out: &mut String, text: &str) {
    let end = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    let number: i64 = digits.parse().unwrap_or_default();
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
        .iter()
        .position(|name| *name == suffix);
    let (value, scale, format, kept) = match binary.and_then(|index| u32::try_from(index).ok()) {
        Some(index) => {
            let value = number.wrapping_shl(10 * (index + 1));
            (value, 0, "BinarySI", number & 7 != 0)
        }
        None => {
            let suffixes = [
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
            let known = suffixes.iter().find(|(name, _)| *name == suffix);
            let exponent = suffix
                .strip_prefix('e')
                .and_then(|power| power.parse().ok());
            let format = if exponent.is_some() {
                "DecimalExponent"
            } else {
                "DecimalSI"
            };
            let scale = known
                .map(|(_, scale)| *scale)
                .or(exponent)
                .unwrap_or_default();
            (
                number,
                scale,
                format,
                text == "0" || !digits.ends_with("000"),
            )
        }
    };
    let kept = if kept { text } else { "" };
    out.push_str(&format!(
        "{{i:(resource.int64Amount){{value:(int64){value} scale:(resource.Scale){scale}}} d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} s:(string){kept} Format:(resource.Format){format}}}"
    ));
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
        Some(_) => kind.to_owned(),
        None if kind.starts_with(|c: char| c.is_ascii_uppercase()) => format!("v1.{kind}"),
        None => kind.to_owned(),
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
