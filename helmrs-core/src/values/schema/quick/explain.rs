//! What is wrong with values that break rules for certain.

use super::super::document::Json;
use super::super::failure::Failure;
use super::super::{format, wording};
use super::check::{Checker, Followed, Trail, listed};
use super::draft::Draft;
use super::exact::Decimal;
use super::instance::{Instance, Number, duplicates};
use super::shape::{count, decimal};
use super::verdict::Verdict;
use crate::yaml::{Map, Value};

/// Rules that, when broken, hide all others of the same schema.
const FIRST: [&str; 4] = ["type", "const", "enum", "format"];

/// The other rules in the order in which they are told.
const RULES: [&str; 31] = [
    "$ref",
    "minProperties",
    "maxProperties",
    "required",
    "dependencies",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "minItems",
    "maxItems",
    "uniqueItems",
    "prefixItems",
    "items",
    "additionalItems",
    "contains",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
];

/// Somebody else has to say what is wrong.
#[derive(Debug)]
pub(super) struct Unsure;

/// The failure of a schema, if there is one.
type Explanation = Result<Option<Failure>, Unsure>;

/// Where in the values, and on which way through the schema.
#[derive(Clone, Copy)]
struct Place<'p> {
    location: &'p str,
    trail: Trail<'p>,
}

/// One rule of a schema.
#[derive(Clone, Copy)]
struct Rule<'s> {
    schema: &'s Json,
    keyword: &'s str,
    operand: &'s Json,
}

/// Asks a checker until it is clear which rules are broken.
pub(super) struct Explainer<'c, 's> {
    checker: &'c mut Checker<'s>,
}

impl<'c, 's> Explainer<'c, 's> {
    pub(super) fn new(checker: &'c mut Checker<'s>) -> Self {
        Self { checker }
    }

    /// The failures of values that the checker has refused.
    pub(super) fn explain(&mut self, values: &Map) -> Result<Vec<Failure>, Unsure> {
        let place = Place {
            location: "",
            trail: Trail::default(),
        };
        let failure = self.schema(self.checker.root, Instance::Map(values), place)?;
        Ok(failure.map(Failure::ungrouped).unwrap_or_default())
    }

    // Parity: santhosh-tekuri/jsonschema v6, validator.go, validate.
    fn schema(&mut self, schema: &'s Json, value: Instance<'_>, place: Place<'_>) -> Explanation {
        match self.checker.schema(schema, value, place.trail) {
            Verdict::Yes => return Ok(None),
            Verdict::Unsure => return Err(Unsure),
            Verdict::No => {}
        }
        if let Json::Bool(_) = schema {
            return Ok(Some(Failure::new(place.location, "false schema")));
        }
        if self.checker.draft < Draft::Of2019
            && let Some(target) = schema.get("$ref")
        {
            return self.reference(target, value, place);
        }
        for keyword in FIRST {
            if let Some(rule) = self.broken(schema, keyword, value, place)? {
                let text = first_text(rule, value);
                return Ok(Some(Failure::new(place.location, text)));
            }
        }
        let mut failures = Vec::new();
        for keyword in RULES {
            if let Some(rule) = self.broken(schema, keyword, value, place)? {
                self.rule(rule, value, place, &mut failures)?;
            }
        }
        Ok(Failure::group(place.location, failures))
    }

    /// A rule, if the schema has it and the value breaks it.
    fn broken(
        &mut self,
        schema: &'s Json,
        keyword: &'static str,
        value: Instance<'_>,
        place: Place<'_>,
    ) -> Result<Option<Rule<'s>>, Unsure> {
        let Some(operand) = schema.get(keyword) else {
            return Ok(None);
        };
        let rule = Rule {
            schema,
            keyword,
            operand,
        };
        let verdict = self
            .checker
            .rule(schema, keyword, operand, value, place.trail);
        match verdict {
            Verdict::Yes => Ok(None),
            Verdict::No => Ok(Some(rule)),
            Verdict::Unsure => Err(Unsure),
        }
    }

    fn rule(
        &mut self,
        rule: Rule<'s>,
        value: Instance<'_>,
        place: Place<'_>,
        failures: &mut Vec<Failure>,
    ) -> Result<(), Unsure> {
        match rule.keyword {
            "$ref" => failures.extend(self.reference(rule.operand, value, place)?),
            "not" => failures.push(Failure::new(place.location, "'not' failed")),
            "allOf" | "anyOf" | "oneOf" => failures.push(self.combination(rule, value, place)?),
            "if" => failures.extend(self.condition(rule, value, place)?),
            _ => match value {
                Instance::Map(entries) => self.map_rule(rule, entries, place, failures)?,
                Instance::List(items) => self.list_rule(rule, items, place, failures)?,
                Instance::Text(text) => {
                    failures.push(Failure::new(place.location, text_text(rule, text)));
                }
                Instance::Number(number) => {
                    failures.push(Failure::new(place.location, number_text(rule, number)));
                }
                Instance::Null | Instance::Bool(_) => {}
            },
        }
        Ok(())
    }

    fn reference(&mut self, operand: &Json, value: Instance<'_>, place: Place<'_>) -> Explanation {
        let target = self.checker.target(operand).ok_or(Unsure)?;
        if place.trail.passed(target) {
            return Err(Unsure);
        }
        let followed = Followed::new(target, place.trail);
        let below = Place {
            trail: place.trail.after(&followed),
            ..place
        };
        let failure = self.schema(target, value, below)?;
        Ok(failure.map(|failure| Failure {
            is_reference: true,
            ..Failure::new(place.location, "validation failed").with(failure.ungrouped())
        }))
    }

    fn combination(
        &mut self,
        rule: Rule<'s>,
        value: Instance<'_>,
        place: Place<'_>,
    ) -> Result<Failure, Unsure> {
        let same = place.same();
        let mut failures = Vec::new();
        let mut matched = Vec::new();
        for (index, one) in listed(rule.operand).iter().enumerate() {
            match self.schema(one, value, same)? {
                Some(failure) => failures.push(failure),
                None => matched.push(index),
            }
        }
        let text = match (rule.keyword, matched.as_slice()) {
            ("oneOf", [first, second, ..]) => {
                failures.clear();
                wording::both_matched(*first, *second)
            }
            ("oneOf", _) => "'oneOf' failed, none matched".to_owned(),
            (keyword, _) => format!("'{keyword}' failed"),
        };
        Ok(Failure::new(place.location, text).with(failures))
    }

    fn condition(&mut self, rule: Rule<'s>, value: Instance<'_>, place: Place<'_>) -> Explanation {
        let same = place.same();
        let branch = match self.checker.schema(rule.operand, value, same.trail) {
            Verdict::Yes => "then",
            Verdict::No => "else",
            Verdict::Unsure => return Err(Unsure),
        };
        match rule.schema.get(branch) {
            Some(one) => self.schema(one, value, same),
            None => Ok(None),
        }
    }

    fn map_rule(
        &mut self,
        rule: Rule<'s>,
        entries: &Map,
        place: Place<'_>,
        failures: &mut Vec<Failure>,
    ) -> Result<(), Unsure> {
        let operand = rule.operand;
        match rule.keyword {
            "properties" => {
                for (name, one) in operand.entries().unwrap_or_default() {
                    if let Some(value) = entries.get(name) {
                        failures.extend(self.part(one, name, value, place)?);
                    }
                }
            }
            "patternProperties" => {
                for (pattern, one) in operand.entries().unwrap_or_default() {
                    for (name, value) in entries {
                        if self.checker.matches(pattern, name) == Verdict::Yes {
                            failures.extend(self.part(one, name, value, place)?);
                        }
                    }
                }
            }
            "additionalProperties" => self.additional(rule, entries, place, failures)?,
            "propertyNames" => {
                for name in entries.keys() {
                    failures.extend(self.name(operand, name, place)?);
                }
            }
            "dependencies" | "dependentSchemas" | "dependentRequired" => {
                for (name, needs) in operand.entries().unwrap_or_default() {
                    if entries.contains_key(name) {
                        failures.extend(self.dependency(name, needs, entries, place)?);
                    }
                }
            }
            keyword => {
                let text = if keyword == "required" {
                    wording::missing(&absent(operand, entries))
                } else {
                    wording::counts(keyword, entries.len(), count(operand).unwrap_or_default())
                };
                failures.push(Failure::new(place.location, text));
            }
        }
        Ok(())
    }

    fn additional(
        &mut self,
        rule: Rule<'s>,
        entries: &Map,
        place: Place<'_>,
        failures: &mut Vec<Failure>,
    ) -> Result<(), Unsure> {
        let mut refused = Vec::new();
        for (name, value) in entries {
            if self.checker.is_known(rule.schema, name) != Verdict::No {
                continue;
            }
            if let Json::Bool(_) = rule.operand {
                refused.push(name.as_str());
            } else {
                failures.extend(self.part(rule.operand, name, value, place)?);
            }
        }
        if !refused.is_empty() {
            let text = wording::not_allowed(&refused);
            failures.push(Failure::new(place.location, text));
        }
        Ok(())
    }

    /// The name of an entry, which is checked as if it lay nowhere.
    fn name(&mut self, schema: &'s Json, name: &str, place: Place<'_>) -> Explanation {
        let nowhere = Place {
            location: "",
            trail: place.trail.below(),
        };
        let failure = self.schema(schema, Instance::Text(name), nowhere)?;
        Ok(failure.map(|failure| {
            let text = format!("invalid propertyName {}", wording::quote(name));
            Failure::new(place.location, text).with(failure.ungrouped())
        }))
    }

    fn dependency(
        &mut self,
        name: &str,
        needs: &'s Json,
        entries: &Map,
        place: Place<'_>,
    ) -> Explanation {
        let Json::List(_) = needs else {
            return self.schema(needs, Instance::Map(entries), place.same());
        };
        let absent = absent(needs, entries);
        Ok((!absent.is_empty())
            .then(|| Failure::new(place.location, wording::needed(&absent, name))))
    }

    fn list_rule(
        &mut self,
        rule: Rule<'s>,
        items: &[Value],
        place: Place<'_>,
        failures: &mut Vec<Failure>,
    ) -> Result<(), Unsure> {
        let text = match (rule.keyword, rule.operand) {
            ("prefixItems", _) | ("items", Json::List(_)) => {
                for (index, (one, item)) in listed(rule.operand).iter().zip(items).enumerate() {
                    failures.extend(self.part(one, &index.to_string(), item, place)?);
                }
                return Ok(());
            }
            ("additionalItems", Json::Bool(_)) => {
                wording::too_many(items.len() - self.checker.items_before(rule.schema, items))
            }
            ("items" | "additionalItems", one) => {
                let before = self.checker.items_before(rule.schema, items);
                for (index, item) in items.iter().enumerate().skip(before) {
                    failures.extend(self.part(one, &index.to_string(), item, place)?);
                }
                return Ok(());
            }
            ("contains", _) => {
                failures.extend(self.contains(rule, items, place)?);
                return Ok(());
            }
            ("uniqueItems", _) => {
                let (first, second) = duplicates(items).ok_or(Unsure)?;
                wording::equal_items(first, second)
            }
            (keyword, bound) => {
                wording::counts(keyword, items.len(), count(bound).unwrap_or_default())
            }
        };
        failures.push(Failure::new(place.location, text));
        Ok(())
    }

    fn contains(
        &mut self,
        rule: Rule<'s>,
        items: &[Value],
        place: Place<'_>,
    ) -> Result<Vec<Failure>, Unsure> {
        let (mut found, mut causes) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match self.part(rule.operand, &index.to_string(), item, place)? {
                Some(failure) => causes.push(failure),
                None => found.push(index),
            }
        }
        let is_bounded = self.checker.draft >= Draft::Of2019;
        let bound = |keyword| {
            rule.schema
                .get(keyword)
                .filter(|_| is_bounded)
                .and_then(count)
        };
        let too_few = match bound("minContains") {
            Some(least) if found.len() < least => Some(wording::contained("min", &found, least)),
            None if found.is_empty() => Some("no items match contains schema".to_owned()),
            _ => None,
        };
        let too_many = bound("maxContains")
            .filter(|most| found.len() > *most)
            .map(|most| wording::contained("max", &found, most));
        let too_few = too_few.map(|text| Failure::new(place.location, text).with(causes));
        let too_many = too_many.map(|text| Failure::new(place.location, text));
        Ok(too_few.into_iter().chain(too_many).collect())
    }

    /// A schema for an entry or an item.
    fn part(
        &mut self,
        schema: &'s Json,
        name: &str,
        value: &Value,
        place: Place<'_>,
    ) -> Explanation {
        let name = name.replace('~', "~0").replace('/', "~1");
        let below = Place {
            location: &format!("{}/{name}", place.location),
            trail: place.trail.below(),
        };
        self.schema(schema, Instance::from(value), below)
    }
}

impl Place<'_> {
    fn same(self) -> Self {
        Self {
            trail: self.trail.same(),
            ..self
        }
    }
}

fn first_text(rule: Rule<'_>, value: Instance<'_>) -> String {
    match (rule.keyword, rule.operand) {
        ("type", operand) => {
            const ORDER: [&str; 7] = [
                "null", "boolean", "number", "integer", "string", "array", "object",
            ];
            let is_wanted = |kind: &&str| match operand {
                Json::List(kinds) => kinds.iter().any(|one| one.text() == Some(kind)),
                one => one.text() == Some(kind),
            };
            let wanted: Vec<&str> = ORDER.into_iter().filter(is_wanted).collect();
            format!("got {}, want {}", value.kind(), wanted.join(" or "))
        }
        ("const", Json::List(_) | Json::Object(_)) => "'const' failed".to_owned(),
        ("const", wanted) => wording::one_of(&[shown(wanted)]),
        ("enum", Json::List(wanted)) => {
            let is_nested = |one: &Json| matches!(one, Json::List(_) | Json::Object(_));
            if wanted.iter().any(is_nested) {
                return "'enum' failed".to_owned();
            }
            wording::one_of(&wanted.iter().map(shown).collect::<Vec<_>>())
        }
        (_, format) => match (value, format) {
            (Instance::Text(text), Json::String(name)) => {
                let problem = format::problem(name, text).unwrap_or_default();
                wording::not_of_format(text, name, &problem)
            }
            _ => String::new(),
        },
    }
}

fn text_text(rule: Rule<'_>, text: &str) -> String {
    match (rule.keyword, rule.operand) {
        ("pattern", Json::String(pattern)) => wording::unmatched(text, pattern),
        (keyword, bound) => {
            let length = text.chars().count();
            wording::counts(keyword, length, count(bound).unwrap_or_default())
        }
    }
}

fn number_text(rule: Rule<'_>, number: Number) -> String {
    let exclusive = match rule.keyword {
        "minimum" => "exclusiveMinimum",
        "maximum" => "exclusiveMaximum",
        keyword => keyword,
    };
    let is_exclusive = rule.schema.get(exclusive) == Some(&Json::Bool(true));
    let keyword = if is_exclusive {
        exclusive
    } else {
        rule.keyword
    };
    let got = Decimal::of(number).map_or(f64::NAN, |number| number.float());
    let want = decimal(rule.operand).map_or(f64::NAN, |number| number.float());
    wording::numbers(keyword, got, want)
}

fn absent<'n>(names: &'n Json, entries: &Map) -> Vec<&'n str> {
    let names = listed(names).iter().filter_map(Json::text);
    names.filter(|name| !entries.contains_key(name)).collect()
}

fn shown(wanted: &Json) -> String {
    match wanted {
        Json::Null => "<nil>".to_owned(),
        Json::Bool(truth) => truth.to_string(),
        Json::Number(text) => text.clone(),
        Json::String(text) => wording::quote(text),
        Json::List(_) | Json::Object(_) => "value".to_owned(),
    }
}
