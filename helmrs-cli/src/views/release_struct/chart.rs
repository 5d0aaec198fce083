//! The chart of a release as a template of the user's sees it.

use std::rc::Rc;

use helmrs_core::chart::{Chart, Dependency, File, Lock, Maintainer, Metadata};
use helmrs_gotemplate::{Integer, IntegerKind, List, Method, Type, Value};

use super::super::template::{Struct, method};
use super::{list, moment, object, strings, text, texts, value, values};

const CHARTS: Type = Type::List(&Type::Object("*v2.Chart"));
const FILES: Type = Type::List(&Type::Object("*common.File"));
const MAINTAINERS: Type = Type::List(&Type::Object("*v2.Maintainer"));
const DEPENDENCIES: Type = Type::List(&Type::Object("*v2.Dependency"));

const METHODS: &[Method] = &[
    method("Name"),
    method("AppVersion"),
    method("ChartPath"),
    method("ChartFullPath"),
    method("IsRoot"),
    method("Parent"),
    method("Dependencies"),
    method("CRDs"),
];

/// The chart; as records keep no subcharts, it has none and is nobody's.
pub(super) fn describe(chart: &Chart) -> Value {
    let name = text(&chart.metadata.name);
    let crds: Vec<&File> = chart
        .files
        .iter()
        .filter(|file| file.name.starts_with("crds/"))
        .filter(|file| {
            let extension = file.name.rsplit('.').next();
            extension.is_some_and(|extension| ["yaml", "yml", "json"].contains(&extension))
        })
        .collect();
    Value::Object(Rc::new(Struct {
        name: "*v2.Chart",
        fields: vec![
            ("Raw", Value::List(List::nil(FILES))),
            ("Metadata", metadata(&chart.metadata)),
            ("Lock", chart.lock.as_ref().map_or(Value::Nil, lock)),
            ("Templates", files(&chart.templates)),
            ("Values", values(chart.values.as_ref())),
            ("Schema", bytes(chart.schema.as_deref().unwrap_or_default())),
            ("SchemaModTime", moment(chart.schema_modified)),
            ("Files", files(&chart.files)),
            ("ModTime", moment(chart.modified)),
            ("parent", Value::Nil),
            ("dependencies", Value::List(List::nil(CHARTS))),
        ],
        methods: METHODS,
        answers: vec![
            name.clone(),
            text(&chart.metadata.app_version),
            name.clone(),
            name,
            Value::Bool(true),
            Value::Nil,
            Value::List(List::nil(CHARTS)),
            list("*common.File", FILES, &crds, |entry| file(entry)),
        ],
    }))
}

fn metadata(metadata: &Metadata) -> Value {
    object(
        "*v2.Metadata",
        vec![
            ("Name", text(&metadata.name)),
            ("Home", text(&metadata.home)),
            ("Sources", texts(&metadata.sources)),
            ("Version", text(&metadata.version)),
            ("Description", text(&metadata.description)),
            ("Keywords", texts(&metadata.keywords)),
            (
                "Maintainers",
                list(
                    "*v2.Maintainer",
                    MAINTAINERS,
                    &metadata.maintainers,
                    maintainer,
                ),
            ),
            ("Icon", text(&metadata.icon)),
            ("APIVersion", text(&metadata.api_version)),
            ("Condition", text(&metadata.condition)),
            ("Tags", text(&metadata.tags)),
            ("AppVersion", text(&metadata.app_version)),
            ("Deprecated", Value::Bool(metadata.deprecated)),
            ("Annotations", strings(metadata.annotations.iter())),
            ("KubeVersion", text(&metadata.kube_version)),
            ("Dependencies", dependencies(&metadata.dependencies)),
            ("Type", text(&metadata.chart_type)),
        ],
    )
}

fn maintainer(maintainer: &Maintainer) -> Vec<(&'static str, Value)> {
    vec![
        ("Name", text(&maintainer.name)),
        ("Email", text(&maintainer.email)),
        ("URL", text(&maintainer.url)),
    ]
}

fn dependencies(all: &[Dependency]) -> Value {
    list("*v2.Dependency", DEPENDENCIES, all, |dependency| {
        vec![
            ("Name", text(&dependency.name)),
            ("Version", text(&dependency.version)),
            ("Repository", text(&dependency.repository)),
            ("Condition", text(&dependency.condition)),
            ("Tags", texts(&dependency.tags)),
            ("Enabled", Value::Bool(dependency.enabled)),
            (
                "ImportValues",
                Value::List(dependency.import_values.iter().map(value).collect()),
            ),
            ("Alias", text(&dependency.alias)),
        ]
    })
}

fn lock(lock: &Lock) -> Value {
    object(
        "*v2.Lock",
        vec![
            ("Generated", moment(lock.generated)),
            ("Digest", text(&lock.digest)),
            ("Dependencies", dependencies(&lock.dependencies)),
        ],
    )
}

fn files(files: &[File]) -> Value {
    list("*common.File", FILES, files, file)
}

fn file(file: &File) -> Vec<(&'static str, Value)> {
    vec![
        ("Name", text(&file.name)),
        ("Data", bytes(&file.data)),
        ("ModTime", moment(file.modified)),
    ]
}

fn bytes(bytes: &[u8]) -> Value {
    let byte = |byte: &u8| Value::Integer(Integer::new(IntegerKind::Uint8, i64::from(*byte)));
    Value::List(List::typed(Type::BYTES, bytes.iter().map(byte).collect()))
}
