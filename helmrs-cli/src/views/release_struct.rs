//! A release as a template of the user's sees it: the structs of the reference, field for field.
// Parity: Helm, pkg/release/v1 and pkg/chart/v2: names, types and order of the fields.

mod chart;

use std::any::Any;
use std::rc::Rc;

use helmrs_core::release::{
    Hook, HookDeletePolicy, HookEvent, HookOutputLogPolicy, Info, Release, Status,
};
use helmrs_core::time::Time;
use helmrs_core::yaml;
use helmrs_gotemplate::sprig::TimeObject;
use helmrs_gotemplate::{
    CallError, Executor, List, Map, Method, NamedType, Object, Text, Type, Value,
};

use super::template::{Struct, answer, method};
use super::time;

/// The data `get all --template` gives: `.Release` and what is below it.
pub(crate) fn data(release: &Release) -> Value {
    let map = Map::new();
    map.insert("Release", describe(release));
    Value::Map(map)
}

fn describe(release: &Release) -> Value {
    let chart = release.chart.as_ref().map_or(Value::Nil, chart::describe);
    object(
        "*v1.Release",
        vec![
            ("Name", text(&release.name)),
            ("Info", info(&release.info)),
            ("Chart", chart),
            ("Config", values(release.config.as_ref())),
            ("Manifest", text(&release.manifest)),
            ("Hooks", list("*v1.Hook", HOOKS, &release.hooks, hook)),
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
            ("FirstDeployed", moment(info.first_deployed)),
            ("LastDeployed", moment(info.last_deployed)),
            ("Deleted", moment(info.deleted)),
            ("Description", text(&info.description)),
            ("Status", status(&info.status)),
            ("RollbackRevision", Value::int(info.rollback_revision)),
            ("Notes", text(&info.notes)),
            ("Resources", Value::Map(Map::new())),
        ],
    )
}

const HOOKS: Type = Type::List(&Type::Object("*v1.Hook"));

fn hook(hook: &Hook) -> Vec<(&'static str, Value)> {
    let run = &hook.last_run;
    let last_run = object(
        "v1.HookExecution",
        vec![
            ("StartedAt", moment(run.started_at)),
            ("CompletedAt", moment(run.completed_at)),
            ("Phase", word(&PHASE, run.phase.as_str())),
        ],
    );
    let events = hook.events.iter().map(HookEvent::as_str);
    let deletes = hook.delete_policies.iter().map(HookDeletePolicy::as_str);
    let logs = hook
        .output_log_policies
        .iter()
        .map(HookOutputLogPolicy::as_str);
    vec![
        ("Name", text(&hook.name)),
        ("Kind", text(&hook.kind)),
        ("Path", text(&hook.path)),
        ("Manifest", text(&hook.manifest)),
        ("Events", words(&EVENT, EVENTS, events)),
        ("LastRun", last_run),
        ("Weight", Value::int(hook.weight)),
        ("DeletePolicies", words(&DELETE, DELETES, deletes)),
        ("OutputLogPolicies", words(&OUTPUT, OUTPUTS, logs)),
    ]
}

static STATUS: NamedType = named("common.Status");
static PHASE: NamedType = named("v1.HookPhase");
static EVENT: NamedType = named("v1.HookEvent");
static DELETE: NamedType = named("v1.HookDeletePolicy");
static OUTPUT: NamedType = named("v1.HookOutputLogPolicy");
const EVENTS: Type = Type::List(&Type::Named(&EVENT));
const DELETES: Type = Type::List(&Type::Named(&DELETE));
const OUTPUTS: Type = Type::List(&Type::Named(&OUTPUT));

const fn named(name: &'static str) -> NamedType {
    NamedType {
        name,
        underlying: Type::String,
        methods: &[],
    }
}

/// A string of a type of its own.
struct Word {
    of: &'static NamedType,
    text: Text,
    methods: &'static [Method],
    answers: Vec<Value>,
}

impl Object for Word {
    fn type_of(&self) -> Type {
        Type::Named(self.of)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn methods(&self) -> &'static [Method] {
        self.methods
    }

    fn invoke(&self, name: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        answer(self.methods, &self.answers, name)
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::String(self.text.clone()))
    }

    fn string(&self) -> Option<Text> {
        Some(self.text.clone())
    }
}

fn word(of: &'static NamedType, word: &str) -> Value {
    Value::Object(Rc::new(Word {
        of,
        text: Text::from(word),
        methods: const { &[method("String")] },
        answers: vec![text(word)],
    }))
}

fn status(status: &Status) -> Value {
    Value::Object(Rc::new(Word {
        of: &STATUS,
        text: Text::from(status.as_str()),
        methods: const { &[method("String"), method("IsPending")] },
        answers: vec![text(status.as_str()), Value::Bool(status.is_pending())],
    }))
}

fn words<'a>(of: &'static NamedType, list: Type, all: impl Iterator<Item = &'a str>) -> Value {
    Value::List(List::typed(list, all.map(|text| word(of, text)).collect()))
}

fn object(name: &'static str, fields: Vec<(&'static str, Value)>) -> Value {
    Value::Object(Rc::new(Struct {
        name,
        fields,
        methods: &[],
        answers: Vec::new(),
    }))
}

/// A list of structs of that name.
fn list<T>(
    name: &'static str,
    of: Type,
    items: &[T],
    fields: impl Fn(&T) -> Vec<(&'static str, Value)>,
) -> Value {
    let items = items.iter().map(|item| object(name, fields(item)));
    Value::List(List::typed(of, items.collect()))
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn texts(texts: &[String]) -> Value {
    Value::List(List::strings(texts.iter().map(String::as_str)))
}

fn moment(moment: Time) -> Value {
    let moment = time::moment(moment);
    Value::Object(Rc::new(TimeObject { moment }))
}

fn strings<'a>(entries: impl Iterator<Item = (&'a String, &'a String)>) -> Value {
    let map = Map::typed(Type::STRING_MAP);
    for (key, value) in entries {
        map.insert(key.as_str(), value.as_str());
    }
    Value::Map(map)
}

/// A map of values; one that is absent is empty.
fn values(map: Option<&yaml::Map>) -> Value {
    value(&yaml::Value::Map(map.cloned().unwrap_or_default()))
}

/// A tree of values as templates see it.
fn value(tree: &yaml::Value) -> Value {
    match tree {
        yaml::Value::Null => Value::Nil,
        yaml::Value::Bool(truth) => Value::Bool(*truth),
        yaml::Value::Integer(number) => Value::int64(*number),
        yaml::Value::Float(number) => Value::Float(*number),
        yaml::Value::String(text) => Value::from(text.as_str()),
        yaml::Value::Raw(text) => Value::from(text.as_bytes().to_vec()),
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
