//! What a template sees: `.Values`, `.Release`, `.Chart` and the rest.

use std::any::Any;
use std::collections::BTreeMap;

use helmrs_gotemplate::number::quote;
use helmrs_gotemplate::{
    Body, CallError, Executor, Function, JsonShape, List, Map, Method, NamedType, Object, Text,
    Type, Value,
};

use super::{Rendering, convert, files, is_partial};
use crate::capabilities::{BuildInfo, Capabilities, KubeVersion};
use crate::chart::{Chart, Dependency, Maintainer, Metadata};

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
static VERSION_SET: NamedType = NamedType {
    name: "common.VersionSet",
    underlying: Type::STRINGS,
    methods: &[method("Has", &[Type::String], has_version)],
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

fn has_version(arguments: &[Value]) -> Result<Value, CallError> {
    let [Value::List(versions), Value::String(wanted)] = arguments else {
        return Err(CallError::new("Has takes one version"));
    };
    Ok(Value::Bool(
        versions
            .iter()
            .any(|version| version.as_string() == Some(wanted)),
    ))
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
            Value::list(
                dependency
                    .import_values
                    .iter()
                    .map(convert::value)
                    .collect(),
            ),
        ),
        ("Alias", text(&dependency.alias)),
    ];
    Value::Map(fields.into_iter().collect())
}

/// `.Capabilities`: its fields, made once, because charts ask for them again and again.
struct CapabilitiesObject([(&'static str, Value); 3]);

impl CapabilitiesObject {
    fn new(capabilities: &Capabilities) -> Self {
        let kube_version = KubeVersionObject {
            version: capabilities.kube_version.clone(),
            normalized: capabilities.kube_version.to_string(),
            pointed_to: true,
        };
        let helm_version = HelmVersion(capabilities.helm_version.clone());
        Self([
            ("KubeVersion", Value::object(kube_version)),
            ("APIVersions", versions(&capabilities.api_versions)),
            ("HelmVersion", Value::object(helm_version)),
        ])
    }
}

impl Object for CapabilitiesObject {
    fn type_of(&self) -> Type {
        Type::Object("*common.Capabilities")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.0.to_vec()
    }

    fn field(&self, name: &str) -> Option<Value> {
        let (_, value) = self.0.iter().find(|(field, _)| *field == name)?;
        Some(value.clone())
    }

    fn methods(&self) -> &'static [Method] {
        const { &[Method::new("Copy", &[])] }
    }

    fn invoke(&self, _: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        Ok(Value::object(Self(self.0.clone())))
    }

    fn deep_copy(&self) -> Option<Value> {
        let copies = self.0.clone().map(|(name, value)| match &value {
            Value::Object(object) => (name, object.deep_copy().unwrap_or(value)),
            _ => (name, value),
        });
        Some(Value::object(Self(copies)))
    }
}

/// `.Capabilities.APIVersions`.
fn versions(versions: &[String]) -> Value {
    let texts = versions.iter().map(|version| Value::from(version.as_str()));
    Value::List(List::typed(Type::Named(&VERSION_SET), texts.collect()))
}

/// `.Capabilities.KubeVersion`.
struct KubeVersionObject {
    version: KubeVersion,
    /// What the version prints as; empty in a copy.
    normalized: String,
    /// Whether it is reached through `.Capabilities`, a pointer; methods are found there alone.
    pointed_to: bool,
}

impl KubeVersionObject {
    fn text(&self) -> &str {
        if self.normalized.is_empty() {
            &self.version.version
        } else {
            &self.normalized
        }
    }

    fn exported(&self) -> Vec<(&'static str, Value)> {
        let KubeVersion {
            version,
            major,
            minor,
            ..
        } = &self.version;
        let fields = [("Version", version), ("Major", major), ("Minor", minor)];
        fields
            .into_iter()
            .map(|(name, text)| (name, Value::from(text.as_str())))
            .collect()
    }
}

impl Object for KubeVersionObject {
    fn type_of(&self) -> Type {
        Type::Object("common.KubeVersion")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = self.exported();
        fields.insert(
            1,
            ("normalizedVersion", Value::from(self.normalized.as_str())),
        );
        fields
    }

    // Parity: Helm, pkg/chart/common/capabilities.go: only a pointer has the methods.
    fn methods(&self) -> &'static [Method] {
        if self.pointed_to {
            const { &[Method::new("GitVersion", &[]), Method::new("String", &[])] }
        } else {
            &[]
        }
    }

    fn invoke(&self, method: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        match method {
            "GitVersion" => Ok(Value::from(self.version.version.as_str())),
            _ => Ok(Value::from(self.text())),
        }
    }

    fn printed(&self) -> Option<Text> {
        self.pointed_to.then(|| Text::from(self.text()))
    }

    fn boxed(&self) -> Option<Value> {
        let boxed = Self {
            version: self.version.clone(),
            normalized: self.normalized.clone(),
            pointed_to: false,
        };
        self.pointed_to.then(|| Value::object(boxed))
    }

    fn deep_copy(&self) -> Option<Value> {
        Some(Value::object(Self {
            version: self.version.clone(),
            normalized: String::new(),
            pointed_to: self.pointed_to,
        }))
    }

    fn json(&self) -> JsonShape {
        JsonShape::Struct(self.exported())
    }
}

/// `.Capabilities.HelmVersion`.
struct HelmVersion(BuildInfo);

impl HelmVersion {
    fn parts(&self) -> [(&'static str, &'static str, &String); 5] {
        [
            ("Version", "version", &self.0.version),
            ("GitCommit", "git_commit", &self.0.git_commit),
            ("GitTreeState", "git_tree_state", &self.0.git_tree_state),
            ("GoVersion", "go_version", &self.0.go_version),
            (
                "KubeClientVersion",
                "kube_client_version",
                &self.0.kube_client_version,
            ),
        ]
    }
}

impl Object for HelmVersion {
    fn type_of(&self) -> Type {
        Type::Object("version.BuildInfo")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.parts()
            .into_iter()
            .map(|(name, _, text)| (name, Value::from(text.as_str())))
            .collect()
    }

    fn json(&self) -> JsonShape {
        let tagged = self
            .parts()
            .into_iter()
            .map(|(_, tag, text)| (tag, Value::from(text.as_str())));
        JsonShape::Struct(tagged.filter(|(_, text)| text.is_true()).collect())
    }
}
