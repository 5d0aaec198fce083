//! What a template sees: `.Values`, `.Release`, `.Chart` and the rest.

mod capabilities;

use std::collections::BTreeMap;

use helmrs_gotemplate::number::quote;
use helmrs_gotemplate::{Body, CallError, Function, Map, NamedType, Text, Type, Value};

use super::{Rendering, convert, files, is_partial};
use crate::chart::{Chart, Dependency, Maintainer, Metadata};
use crate::yaml;
use capabilities::CapabilitiesObject;

/// The type of the map a template is executed with, and of its `.Values`.
// Parity: Helm, pkg/chart/common/values.go.
static VALUES: NamedType = NamedType {
    name: "common.Values",
    underlying: Type::MAP,
    methods: &[
        method("AsMap", &[], as_map),
        // Nothing that a template has is a writer, so this can be named but not called.
        method("Encode", &[Type::Object("io.Writer")], as_map),
        method("PathValue", &[Type::String], path_value),
        method("Table", &[Type::String], table_of),
        method("YAML", &[], yaml_of),
    ],
};

const fn method(
    name: &'static str,
    parameters: &'static [Type],
    call: fn(&[Value]) -> Result<Value, CallError>,
) -> Function {
    Function {
        name,
        parameters,
        variadic: false,
        body: Body::Plain(call),
        examples: &[],
    }
}

/// The map and the text that a method of values was called with.
fn map_and_text(arguments: &[Value]) -> (Map, String) {
    let map = arguments
        .first()
        .and_then(Value::as_map)
        .cloned()
        .unwrap_or_default();
    let text = arguments.get(1).and_then(Value::as_string);
    (
        map,
        text.map(|text| text.to_str().into_owned())
            .unwrap_or_default(),
    )
}

fn as_map(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Map(map_and_text(arguments).0.retyped(Type::MAP)))
}

fn table_of(arguments: &[Value]) -> Result<Value, CallError> {
    let (map, path) = map_and_text(arguments);
    let mut found = map;
    for key in path.split('.') {
        let Some(Value::Map(below)) = found.get(key) else {
            return Err(CallError::new(format!(
                "{} is not a table",
                quote(key.as_bytes())
            )));
        };
        found = below;
    }
    Ok(Value::Map(found.retyped(Type::Named(&VALUES))))
}

/// A value by its path; a path that ends at a table is none.
fn path_value(arguments: &[Value]) -> Result<Value, CallError> {
    let (map, path) = map_and_text(arguments);
    if path.is_empty() {
        return Err(CallError::new("YAML path cannot be empty"));
    }
    let (tables, key) = path
        .rsplit_once('.')
        .map_or((None, path.as_str()), |(tables, key)| (Some(tables), key));
    let table = tables.map_or(Some(map.clone()), |tables| table(&map, tables));
    match table.and_then(|table| table.get(key)) {
        None | Some(Value::Map(_)) => Err(CallError::new(format!(
            "{} is not a value",
            quote(key.as_bytes())
        ))),
        Some(value) => Ok(value),
    }
}

fn yaml_of(arguments: &[Value]) -> Result<Value, CallError> {
    let text = convert::to_yaml(&Value::Map(map_and_text(arguments).0)).map_err(CallError::new)?;
    Ok(Value::from(format!("{text}\n")))
}

/// A template, and what it is executed with.
pub(super) struct Renderable<'c> {
    /// Its text.
    pub(super) text: &'c [u8],
    /// What it sees; the same map for every template of a chart.
    pub(super) scope: Map,
    /// The path of its chart's templates.
    pub(super) base_path: String,
}

impl Renderable<'_> {
    /// Where its chart lies.
    pub(super) fn chart(&self) -> &str {
        let path = self.base_path.strip_suffix("/templates");
        path.unwrap_or(&self.base_path)
    }
}

/// Every template of a chart and its subcharts, by path.
// Parity: Helm, pkg/engine/engine.go, allTemplates and recAllTpls.
pub(super) fn renderables<'c>(rendering: &Rendering<'c>) -> BTreeMap<String, Renderable<'c>> {
    let mut templates = BTreeMap::new();
    let shared = Shared {
        release: release(rendering),
        capabilities: Value::object(CapabilitiesObject::new(rendering.capabilities)),
    };
    collect(
        rendering.chart,
        None,
        Some(convert::map(rendering.values)),
        &shared,
        &mut templates,
    );
    templates
}

/// What is the same for a chart and its subcharts.
struct Shared {
    release: Value,
    capabilities: Value,
}

/// Builds a chart's scope, after those of its subcharts, and adds its templates.
fn collect<'c>(
    chart: &'c Chart,
    parent: Option<&str>,
    values: Option<Map>,
    shared: &Shared,
    templates: &mut BTreeMap<String, Renderable<'c>>,
) -> Map {
    let path = match parent {
        Some(parent) => format!("{parent}/charts/{}", chart.name()),
        None => chart.name().to_owned(),
    };
    let values = values.unwrap_or_default();
    let subcharts = Map::new();
    for dependency in &chart.dependencies {
        let table = table(&values, dependency.name());
        let scope = collect(dependency, Some(&path), table, shared, templates);
        subcharts.insert(dependency.name(), scope.retyped(Type::MAP));
    }
    let scope = Map::typed(Type::Named(&VALUES));
    scope.insert("Chart", metadata(&chart.metadata, parent.is_none()));
    scope.insert("Files", files::value(&chart.files));
    scope.insert("Release", shared.release.clone());
    scope.insert("Capabilities", shared.capabilities.clone());
    scope.insert("Values", values.retyped(Type::Named(&VALUES)));
    scope.insert("Subcharts", subcharts);
    for template in &chart.templates {
        if !is_usable(chart, &template.name) {
            continue;
        }
        let renderable = Renderable {
            text: &template.data,
            scope: scope.clone(),
            base_path: format!("{path}/templates"),
        };
        templates.insert(format!("{path}/{}", template.name), renderable);
    }
    scope
}

/// The map below a key of the values; a dot in the key leads one level deeper.
// Parity: Helm, pkg/chart/common/values.go, Table: the name of a subchart is read as a path.
fn table(values: &Map, name: &str) -> Option<Map> {
    name.split('.')
        .try_fold(values.clone(), |map, key| match map.get(key)? {
            Value::Map(map) => Some(map),
            _ => None,
        })
}

/// Of a library chart only the partials count.
fn is_usable(chart: &Chart, template: &str) -> bool {
    !chart.metadata.chart_type.eq_ignore_ascii_case("library") || is_partial(template)
}

/// `.Template`: what is being rendered.
pub(super) fn template(path: &str, base_path: &str) -> Map {
    let entries = [("Name", path), ("BasePath", base_path)];
    let entries = entries.map(|(key, text)| (Text::from(key), Value::from(text)));
    Map::from_entries(Type::Named(&VALUES), entries.into_iter().collect())
}

fn release(rendering: &Rendering<'_>) -> Value {
    let release = &rendering.release;
    let map: Map = [
        ("Name", Value::from(release.name.as_str())),
        ("Namespace", Value::from(release.namespace.as_str())),
        ("IsUpgrade", Value::Bool(release.is_upgrade)),
        ("IsInstall", Value::Bool(release.is_install)),
        ("Revision", Value::int(release.revision)),
        ("Service", Value::from("Helm")),
    ]
    .into_iter()
    .collect();
    Value::Map(map)
}

/// `.Chart`: the fields of Chart.yaml under the names Go knows them by.
fn metadata(metadata: &Metadata, is_root: bool) -> Map {
    let text = |text: &str| Value::from(text);
    [
        ("Name", text(&metadata.name)),
        ("Home", text(&metadata.home)),
        ("Sources", texts(&metadata.sources)),
        ("Version", text(&metadata.version)),
        ("Description", text(&metadata.description)),
        ("Keywords", texts(&metadata.keywords)),
        (
            "Maintainers",
            Value::list(metadata.maintainers.iter().map(maintainer).collect()),
        ),
        ("Icon", text(&metadata.icon)),
        ("APIVersion", text(&metadata.api_version)),
        ("Condition", text(&metadata.condition)),
        ("Tags", text(&metadata.tags)),
        ("AppVersion", text(&metadata.app_version)),
        ("Deprecated", Value::Bool(metadata.deprecated)),
        ("Annotations", annotations(&metadata.annotations)),
        ("KubeVersion", text(&metadata.kube_version)),
        (
            "Dependencies",
            Value::list(metadata.dependencies.iter().map(dependency).collect()),
        ),
        ("Type", text(&metadata.chart_type)),
        ("IsRoot", Value::Bool(is_root)),
    ]
    .into_iter()
    .collect()
}

fn texts(items: &[String]) -> Value {
    Value::list(
        items
            .iter()
            .map(|item| Value::from(item.as_str()))
            .collect(),
    )
}

fn annotations(annotations: &BTreeMap<String, String>) -> Value {
    if annotations.is_empty() {
        return Value::Map(Map::nil(Type::STRING_MAP));
    }
    let entries = annotations
        .iter()
        .map(|(key, value)| (Text::from(key.as_str()), Value::from(value.as_str())));
    Value::Map(Map::from_entries(Type::STRING_MAP, entries.collect()))
}

fn maintainer(maintainer: &Maintainer) -> Value {
    let fields = [
        ("Name", &maintainer.name),
        ("Email", &maintainer.email),
        ("URL", &maintainer.url),
    ];
    Value::Map(
        fields
            .into_iter()
            .map(|(key, text)| (key, Value::from(text.as_str())))
            .collect(),
    )
}

/// What a chart imports: processed, it is a map of two texts.
// Parity: Helm, pkg/chart/v2/util/dependencies.go, processImportValues.
fn import(value: &yaml::Value) -> Value {
    match convert::value(value) {
        Value::Map(map) => Value::Map(map.retyped(Type::Map(&Type::String))),
        other => other,
    }
}

fn dependency(dependency: &Dependency) -> Value {
    let text = |text: &str| Value::from(text);
    let fields = [
        ("Name", text(&dependency.name)),
        ("Version", text(&dependency.version)),
        ("Repository", text(&dependency.repository)),
        ("Condition", text(&dependency.condition)),
        ("Tags", texts(&dependency.tags)),
        ("Enabled", Value::Bool(dependency.enabled)),
        (
            "ImportValues",
            Value::list(dependency.import_values.iter().map(import).collect()),
        ),
        ("Alias", text(&dependency.alias)),
    ];
    Value::Map(fields.into_iter().collect())
}
