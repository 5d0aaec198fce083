//! Values against a schema that is understood.

use std::collections::BTreeMap;

use helmrs_gotemplate::regexp::Regexp;

use super::super::document::Json;
use super::super::format;
use super::draft::Draft;
use super::exact::Decimal;
use super::instance::{Instance, Number, are_unique};
use super::reference;
use super::shape::{count, decimal};
use super::verdict::Verdict;
use crate::yaml::{Map, Value};

/// How many schemas may be applied; references can make their number explode.
const MAX_STEPS: usize = 2_000_000;

/// How deep schemas may be applied within each other.
const MAX_DEPTH: usize = 400;

/// Applies schemas to values.
pub(super) struct Checker<'s> {
    pub(super) root: &'s Json,
    pub(super) draft: Draft,
    patterns: BTreeMap<&'s str, Option<Regexp>>,
    steps: usize,
}

/// Where the checker is: how deep, and which references led here without going down into the value.
#[derive(Clone, Copy, Default)]
pub(super) struct Trail<'t> {
    depth: usize,
    reference: Option<&'t Followed<'t>>,
}

/// A reference on the way.
pub(super) struct Followed<'t> {
    target: &'t Json,
    before: Option<&'t Followed<'t>>,
}

impl<'t> Followed<'t> {
    pub(super) fn new(target: &'t Json, trail: Trail<'t>) -> Self {
        Self {
            target,
            before: trail.reference,
        }
    }
}

impl Trail<'_> {
    /// Beside: another schema for the same value.
    pub(super) fn same(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    /// Below: a schema for a part of the value.
    pub(super) fn below(self) -> Trail<'static> {
        Trail {
            depth: self.depth + 1,
            reference: None,
        }
    }

    /// Behind a reference.
    pub(super) fn after<'f>(self, followed: &'f Followed<'f>) -> Trail<'f> {
        Trail {
            depth: self.depth + 1,
            reference: Some(followed),
        }
    }

    pub(super) fn passed(self, target: &Json) -> bool {
        let mut followed = self.reference;
        while let Some(reference) = followed {
            if std::ptr::eq(reference.target, target) {
                return true;
            }
            followed = reference.before;
        }
        false
    }
}

impl<'s> Checker<'s> {
    pub(super) fn new(root: &'s Json, draft: Draft) -> Self {
        Self {
            root,
            draft,
            patterns: BTreeMap::new(),
            steps: 0,
        }
    }

    pub(super) fn check(&mut self, values: &Map) -> Verdict {
        self.schema(self.root, Instance::Map(values), Trail::default())
    }

    pub(super) fn schema(
        &mut self,
        schema: &'s Json,
        value: Instance<'_>,
        trail: Trail<'_>,
    ) -> Verdict {
        self.steps += 1;
        if self.steps > MAX_STEPS || trail.depth > MAX_DEPTH {
            return Verdict::Unsure;
        }
        let entries = match schema {
            Json::Bool(truth) => return Verdict::from(*truth),
            Json::Object(entries) => entries,
            _ => return Verdict::Unsure,
        };
        if self.draft < Draft::Of2019
            && let Some(target) = schema.get("$ref")
        {
            // A reference silences what stands beside it, but no constant.
            if schema.get("const").is_some() {
                return Verdict::Unsure;
            }
            return self.reference(target, value, trail);
        }
        Verdict::all(entries, |(keyword, operand)| {
            self.rule(schema, keyword, operand, value, trail)
        })
    }

    /// One keyword of a schema.
    // Parity: santhosh-tekuri/jsonschema v6, validator.go.
    pub(super) fn rule(
        &mut self,
        schema: &'s Json,
        keyword: &str,
        operand: &'s Json,
        value: Instance<'_>,
        trail: Trail<'_>,
    ) -> Verdict {
        match keyword {
            "type" => return is_of(operand, value),
            "enum" => return Verdict::any(listed(operand), |wanted| value.equals(wanted)),
            "const" if self.draft >= Draft::Six => return value.equals(operand),
            "$ref" => return self.reference(operand, value, trail),
            "allOf" => {
                return Verdict::all(listed(operand), |one| self.schema(one, value, trail.same()));
            }
            "anyOf" => {
                return Verdict::any(listed(operand), |one| self.schema(one, value, trail.same()));
            }
            "oneOf" => return self.exactly_one(operand, value, trail),
            "not" => return self.schema(operand, value, trail.same()).not(),
            "if" if self.draft >= Draft::Seven => {
                return self.condition(schema, operand, value, trail);
            }
            _ => {}
        }
        match value {
            Instance::Map(entries) => self.map_rule(schema, keyword, operand, entries, trail),
            Instance::List(items) => self.list_rule(schema, keyword, operand, items, trail),
            Instance::Text(text) => self.text_rule(keyword, operand, text),
            Instance::Number(number) => number_rule(schema, keyword, operand, number),
            Instance::Null | Instance::Bool(_) => Verdict::Yes,
        }
    }

    /// What a reference leads to.
    pub(super) fn target(&self, operand: &Json) -> Option<&'s Json> {
        let target = reference::find(self.root, operand.text()?, self.draft);
        target.map(reference::Target::schema)
    }

    fn reference(&mut self, operand: &Json, value: Instance<'_>, trail: Trail<'_>) -> Verdict {
        match self.target(operand) {
            Some(target) if !trail.passed(target) => {
                let followed = Followed::new(target, trail);
                self.schema(target, value, trail.after(&followed))
            }
            _ => Verdict::Unsure,
        }
    }

    fn exactly_one(&mut self, operand: &'s Json, value: Instance<'_>, trail: Trail<'_>) -> Verdict {
        let (mut sure, mut unsure) = (0, 0);
        for one in listed(operand) {
            match self.schema(one, value, trail.same()) {
                Verdict::Yes => sure += 1,
                Verdict::Unsure => unsure += 1,
                Verdict::No => {}
            }
        }
        match (sure, unsure) {
            (1, 0) => Verdict::Yes,
            (0, 0) | (2.., _) => Verdict::No,
            _ => Verdict::Unsure,
        }
    }

    fn condition(
        &mut self,
        schema: &'s Json,
        condition: &'s Json,
        value: Instance<'_>,
        trail: Trail<'_>,
    ) -> Verdict {
        let mut branch = |keyword| {
            let branch = schema.get(keyword);
            branch.map_or(Verdict::Yes, |one| self.schema(one, value, trail.same()))
        };
        let (then, otherwise) = (branch("then"), branch("else"));
        if then == otherwise {
            return then;
        }
        match self.schema(condition, value, trail.same()) {
            Verdict::Yes => then,
            Verdict::No => otherwise,
            Verdict::Unsure => Verdict::Unsure,
        }
    }

    fn map_rule(
        &mut self,
        schema: &'s Json,
        keyword: &str,
        operand: &'s Json,
        entries: &Map,
        trail: Trail<'_>,
    ) -> Verdict {
        let has_all = |names: &Json| {
            let mut names = listed(names).iter().filter_map(Json::text);
            Verdict::from(names.all(|name| entries.contains_key(name)))
        };
        match keyword {
            "properties" => Verdict::all(operand.entries().unwrap_or_default(), |(name, one)| {
                let value = entries.get(name);
                value.map_or(Verdict::Yes, |value| {
                    self.schema(one, Instance::from(value), trail.below())
                })
            }),
            "patternProperties" => {
                let patterns = operand.entries().unwrap_or_default();
                Verdict::all(patterns, |(pattern, one)| {
                    Verdict::all(entries, |(name, value)| match self.matches(pattern, name) {
                        Verdict::No => Verdict::Yes,
                        Verdict::Unsure => Verdict::Unsure,
                        Verdict::Yes => self.schema(one, Instance::from(value), trail.below()),
                    })
                })
            }
            "additionalProperties" => self.additional(schema, operand, entries, trail),
            "propertyNames" if self.draft >= Draft::Six => Verdict::all(entries, |(name, _)| {
                self.schema(operand, Instance::Text(name), trail.below())
            }),
            "required" => has_all(operand),
            "minProperties" => at_least(entries.len(), operand),
            "maxProperties" => at_most(entries.len(), operand),
            "dependencies" => self.dependent(operand, entries, trail),
            "dependentSchemas" | "dependentRequired" if self.draft >= Draft::Of2019 => {
                self.dependent(operand, entries, trail)
            }
            _ => Verdict::Yes,
        }
    }

    /// Entries that neither `properties` nor `patternProperties` speak of.
    fn additional(
        &mut self,
        schema: &'s Json,
        operand: &'s Json,
        entries: &Map,
        trail: Trail<'_>,
    ) -> Verdict {
        Verdict::all(entries, |(name, value)| match self.is_known(schema, name) {
            Verdict::No => self.schema(operand, Instance::from(value), trail.below()),
            is_known => is_known,
        })
    }

    /// Whether `properties` or `patternProperties` speak of an entry.
    pub(super) fn is_known(&mut self, schema: &'s Json, name: &str) -> Verdict {
        let known = schema.get("properties");
        if known.is_some_and(|known| known.get(name).is_some()) {
            return Verdict::Yes;
        }
        let patterns = schema.get("patternProperties").and_then(Json::entries);
        Verdict::any(patterns.unwrap_or_default(), |(pattern, _)| {
            self.matches(pattern, name)
        })
    }

    /// What the presence of entries asks for: other entries, or another schema.
    fn dependent(&mut self, operand: &'s Json, entries: &Map, trail: Trail<'_>) -> Verdict {
        Verdict::all(operand.entries().unwrap_or_default(), |(name, needs)| {
            if !entries.contains_key(name) {
                return Verdict::Yes;
            }
            match needs {
                Json::List(names) => {
                    let mut names = names.iter().filter_map(Json::text);
                    Verdict::from(names.all(|name| entries.contains_key(name)))
                }
                one => self.schema(one, Instance::Map(entries), trail.same()),
            }
        })
    }

    fn list_rule(
        &mut self,
        schema: &'s Json,
        keyword: &str,
        operand: &'s Json,
        items: &[Value],
        trail: Trail<'_>,
    ) -> Verdict {
        let is_latest = self.draft == Draft::Of2020;
        match (keyword, operand) {
            ("items", Json::List(_)) if !is_latest => self.each(operand, items, trail),
            ("prefixItems", _) if is_latest => self.each(operand, items, trail),
            ("items", _) => {
                let before = self.items_before(schema, items);
                self.every(operand, &items[before..], trail)
            }
            ("additionalItems", _) if !is_latest => match schema.get("items") {
                Some(Json::List(_)) => {
                    let before = self.items_before(schema, items);
                    self.every(operand, &items[before..], trail)
                }
                _ => Verdict::Yes,
            },
            ("contains", _) if self.draft >= Draft::Six => {
                self.contains(schema, operand, items, trail)
            }
            ("uniqueItems", Json::Bool(true)) => are_unique(items),
            ("minItems", _) => at_least(items.len(), operand),
            ("maxItems", _) => at_most(items.len(), operand),
            _ => Verdict::Yes,
        }
    }

    /// How many items have schemas of their own.
    pub(super) fn items_before(&self, schema: &Json, items: &[Value]) -> usize {
        let keyword = if self.draft == Draft::Of2020 {
            "prefixItems"
        } else {
            "items"
        };
        let first = schema.get(keyword).and_then(Json::items);
        first.map_or(0, |first| first.len().min(items.len()))
    }

    fn every(&mut self, schema: &'s Json, items: &[Value], trail: Trail<'_>) -> Verdict {
        Verdict::all(items, |item| {
            self.schema(schema, Instance::from(item), trail.below())
        })
    }

    fn each(&mut self, schemas: &'s Json, items: &[Value], trail: Trail<'_>) -> Verdict {
        Verdict::all(listed(schemas).iter().zip(items), |(one, item)| {
            self.schema(one, Instance::from(item), trail.below())
        })
    }

    fn contains(
        &mut self,
        schema: &'s Json,
        operand: &'s Json,
        items: &[Value],
        trail: Trail<'_>,
    ) -> Verdict {
        let mut found = 0;
        for item in items {
            match self.schema(operand, Instance::from(item), trail.below()) {
                Verdict::Yes => found += 1,
                Verdict::Unsure => return Verdict::Unsure,
                Verdict::No => {}
            }
        }
        let bound = |keyword| schema.get(keyword).filter(|_| self.draft >= Draft::Of2019);
        let lower = bound("minContains").map_or(Verdict::from(found > 0), |n| at_least(found, n));
        lower.and(|| bound("maxContains").map_or(Verdict::Yes, |most| at_most(found, most)))
    }

    fn text_rule(&mut self, keyword: &str, operand: &'s Json, text: &str) -> Verdict {
        match (keyword, operand) {
            ("minLength", _) => at_least(text.chars().count(), operand),
            ("maxLength", _) => at_most(text.chars().count(), operand),
            ("pattern", Json::String(pattern)) => self.matches(pattern, text),
            ("format", Json::String(name)) if self.draft < Draft::Of2019 => {
                Verdict::from(format::problem(name, text).is_none())
            }
            _ => Verdict::Yes,
        }
    }

    pub(super) fn matches(&mut self, pattern: &'s str, text: &str) -> Verdict {
        let compiled = self
            .patterns
            .entry(pattern)
            .or_insert_with(|| Regexp::compile(pattern).ok());
        match compiled {
            Some(pattern) => Verdict::from(pattern.is_match(text.as_bytes())),
            None => Verdict::Unsure,
        }
    }
}

fn number_rule(schema: &Json, keyword: &str, operand: &Json, number: Number) -> Verdict {
    if !matches!(
        keyword,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
    ) {
        return Verdict::Yes;
    }
    let (Some(number), Some(operand)) = (Decimal::of(number), decimal(operand)) else {
        // Of draft 4, where the bound is a keyword of its own.
        return Verdict::from(matches!(operand, Json::Bool(_)));
    };
    let is_exclusive = |keyword| schema.get(keyword) == Some(&Json::Bool(true));
    match keyword {
        "minimum" if is_exclusive("exclusiveMinimum") => Verdict::from(number > operand),
        "maximum" if is_exclusive("exclusiveMaximum") => Verdict::from(number < operand),
        "minimum" => Verdict::from(number >= operand),
        "maximum" => Verdict::from(number <= operand),
        "exclusiveMinimum" => Verdict::from(number > operand),
        "exclusiveMaximum" => Verdict::from(number < operand),
        _ => number
            .is_multiple_of(&operand)
            .map_or(Verdict::Unsure, Verdict::from),
    }
}

fn is_of(operand: &Json, value: Instance<'_>) -> Verdict {
    let is_of = |kind: &Json| kind.text().is_some_and(|kind| value.is_of(kind));
    match operand {
        Json::List(kinds) => Verdict::from(kinds.iter().any(is_of)),
        kind => Verdict::from(is_of(kind)),
    }
}

/// The items of a list.
pub(super) fn listed(operand: &Json) -> &[Json] {
    operand.items().unwrap_or_default()
}

fn at_least(length: usize, bound: &Json) -> Verdict {
    count(bound).map_or(Verdict::Unsure, |least| Verdict::from(length >= least))
}

fn at_most(length: usize, bound: &Json) -> Verdict {
    count(bound).map_or(Verdict::Unsure, |most| Verdict::from(length <= most))
}
