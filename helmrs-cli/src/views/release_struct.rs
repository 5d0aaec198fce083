//! A release as a template of the user's sees it: the structs of the reference, field for field.

use std::rc::Rc;

use helmrs_core::chart::{Chart, Metadata};
use helmrs_core::release::{Hook, Info, Release};
use helmrs_core::yaml;
use helmrs_gotemplate::{List, Map, Value};

use super::template::Struct;
use super::time;

/// The data `get all --template` gives: `.Release` and what is below it.
pub(crate) fn data(release: &Release) -> Value {
    let map = Map::new();
    map.insert("Release", describe(release));
    Value::Map(map)
}

fn object(name: &'static str, fields: Vec<(&'static str, Value)>) -> Value {
    Value::Object(Rc::new(Struct { name, fields }))
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn describe(release: &Release) -> Value {
    let config = yaml::Value::Map(release.config.clone());
    object(
        "*v1.Release",
        vec![
            ("Name", text(&release.name)),
            ("Info", info(&release.info)),
            ("Chart", release.chart.as_ref().map_or(Value::Nil, chart)),
            ("Config", value(&config)),
            ("Manifest", text(&release.manifest)),
            (
                "Hooks",
                Value::List(release.hooks.iter().map(hook).collect()),
            ),
            ("Version", Value::int(release.revision)),
            ("Namespace", text(&release.namespace)),
            ("Labels", strings(release.labels.iter())),
            ("ApplyMethod", text(&release.apply_method)),
        ],
    )
}

fn info(info: &Info) -> Value {
    object(
        "*v1.Info",
        vec![
            (
                "FirstDeployed",
                Value::from(time::updated(info.first_deployed, "")),
            ),
            (
                "LastDeployed",
                Value::from(time::updated(info.last_deployed, "")),
            ),
            ("Deleted", Value::from(time::updated(info.deleted, ""))),
            ("Description", text(&info.description)),
            ("Status", text(info.status.as_str())),
            ("Notes", text(&info.notes)),
            ("RollbackRevision", Value::int(info.rollback_revision)),
        ],
    )
}

fn chart(chart: &Chart) -> Value {
    let values = yaml::Value::Map(chart.values.clone().unwrap_or_default());
    let about = metadata(&chart.metadata);
    object(
        "*v2.Chart",
        vec![
            ("Metadata", about),
            ("Values", value(&values)),
            ("Name", text(&chart.metadata.name)),
            ("AppVersion", text(&chart.metadata.app_version)),
        ],
    )
}

fn metadata(metadata: &Metadata) -> Value {
    object(
        "*v2.Metadata",
        vec![
            ("Name", text(&metadata.name)),
            ("Home", text(&metadata.home)),
            (
                "Sources",
                Value::List(List::strings(metadata.sources.iter().map(String::as_str))),
            ),
            ("Version", text(&metadata.version)),
            ("Description", text(&metadata.description)),
            (
                "Keywords",
                Value::List(List::strings(metadata.keywords.iter().map(String::as_str))),
            ),
            ("Icon", text(&metadata.icon)),
            ("APIVersion", text(&metadata.api_version)),
            ("Condition", text(&metadata.condition)),
            ("Tags", text(&metadata.tags)),
            ("AppVersion", text(&metadata.app_version)),
            ("Deprecated", Value::Bool(metadata.deprecated)),
            ("Annotations", strings(metadata.annotations.iter())),
            ("KubeVersion", text(&metadata.kube_version)),
            ("Type", text(&metadata.chart_type)),
        ],
    )
}

fn hook(hook: &Hook) -> Value {
    object(
        "*v1.Hook",
        vec![
            ("Name", text(&hook.name)),
            ("Kind", text(&hook.kind)),
            ("Path", text(&hook.path)),
            ("Manifest", text(&hook.manifest)),
            (
                "Events",
                Value::List(
                    hook.events
                        .iter()
                        .map(|event| text(event.as_str()))
                        .collect(),
                ),
            ),
            ("Weight", Value::int(hook.weight)),
        ],
    )
}

fn strings<'a>(entries: impl Iterator<Item = (&'a String, &'a String)>) -> Value {
    let map = Map::typed(helmrs_gotemplate::Type::STRING_MAP);
    for (key, value) in entries {
        map.insert(key.as_str(), value.as_str());
    }
    Value::Map(map)
}

/// A tree of values as templates see it.
fn value(tree: &yaml::Value) -> Value {
    match tree {
        yaml::Value::Null => Value::Nil,
        yaml::Value::Bool(truth) => Value::Bool(*truth),
        yaml::Value::Integer(number) => Value::int64(*number),
        yaml::Value::Float(number) => Value::Float(*number),
        yaml::Value::String(text) => Value::from(text.as_str()),
        yaml::Value::List(items) => Value::List(items.iter().map(value).collect()),
        yaml::Value::Map(entries) => {
            let map = Map::new();
            for (key, entry) in entries {
                map.insert(key.as_str(), value(entry));
            }
            Value::Map(map)
        }
    }
}
