//! What a chart and its subcharts are configured with: the user's values over the charts' own.
//!
//! A higher chart's values win over those of the charts it contains; tables are merged, all else is replaced. A null
//! removes a default. Globals travel down to every subchart.

mod table;

use std::borrow::Cow;
use std::collections::BTreeSet;

use helmrs_gotemplate::number::quote;

use super::Chart;
use crate::finding::Finding;
use crate::yaml::Map;

pub(super) use table::{Node, Table, printed};

/// The key of the values that every subchart sees.
pub const GLOBAL_KEY: &str = "global";

/// Why values and charts do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("type mismatch on {subchart}: {value}")]
pub struct CoalesceError {
    /// The subchart whose values are no table.
    pub subchart: String,
    /// What they are, as Go prints it.
    pub value: String,
}

/// The values a chart is rendered with: `values` over the defaults of the chart and its subcharts, nulls removed.
///
/// Warnings are added to `findings`.
// Parity: Helm, pkg/chart/common/util/coalesce.go, CoalesceValues.
pub fn coalesce_values(
    chart: &Chart,
    values: &Map,
    findings: &mut Vec<Finding>,
) -> Result<Map, CoalesceError> {
    combine(chart, values, false, findings).map(|table| table.to_map())
}

/// The same, but nulls are kept for a later [`coalesce_values`] to act on.
// Parity: Helm, pkg/chart/common/util/coalesce.go, MergeValues.
pub fn merge_values(
    chart: &Chart,
    values: &Map,
    findings: &mut Vec<Finding>,
) -> Result<Map, CoalesceError> {
    combine(chart, values, true, findings).map(|table| table.to_map())
}

/// Adds to `over` what `base` has and it has not; a null in `over` removes what `base` has.
// Parity: Helm, pkg/chart/common/util/coalesce.go, CoalesceTables.
pub fn coalesce_tables(over: &Map, base: &Map, findings: &mut Vec<Finding>) -> Map {
    coalesce_both(over, base, findings).0
}

/// As [`coalesce_tables`]; the second map is what became of `base`, which the reference gives the nulls of `over`.
///
/// ```
/// use helmrs_core::chart::coalesce::coalesce_both;
/// use helmrs_core::yaml::{self, Value};
///
/// let map = |text: &str| match yaml::parse(text.as_bytes()).unwrap() {
///     Value::Map(map) => map,
///     _ => unreachable!(),
/// };
/// let (both, base) = coalesce_both(&map("{a: null}"), &map("{a: 1, b: 2}"), &mut Vec::new());
/// assert_eq!(both, map("{b: 2}"));
/// assert_eq!(base, map("{a: null, b: 2}"));
/// ```
pub fn coalesce_both(over: &Map, base: &Map, findings: &mut Vec<Finding>) -> (Map, Map) {
    let (table, base) = (Table::new(over), Table::new(base));
    Coalescing { findings }.tables(&table, &base, "", false);
    (table.to_map(), base.to_map())
}

/// Coalesces or merges, and gives the tables as they are shared.
pub(super) fn combine<'v>(
    chart: &'v Chart,
    values: &'v Map,
    merge: bool,
    findings: &mut Vec<Finding>,
) -> Result<Table<'v>, CoalesceError> {
    let table = Table::new(values);
    Coalescing { findings }.chart(chart, &table, "", merge)?;
    Ok(table)
}

/// Adds to one shared table what another has, nulls kept.
// Parity: Helm, pkg/chart/common/util/coalesce.go, MergeTables.
pub(super) fn merge_shared<'v>(over: &Table<'v>, base: &Table<'v>, findings: &mut Vec<Finding>) {
    Coalescing { findings }.tables(over, base, "", true);
}

struct Coalescing<'a> {
    findings: &'a mut Vec<Finding>,
}

impl Coalescing<'_> {
    fn chart<'v>(
        &mut self,
        chart: &'v Chart,
        values: &Table<'v>,
        prefix: &str,
        merge: bool,
    ) -> Result<(), CoalesceError> {
        self.defaults(chart, values, prefix, merge);
        self.subcharts(chart, values, prefix, merge)
    }

    // Parity: coalesceDeps.
    fn subcharts<'v>(
        &mut self,
        chart: &'v Chart,
        values: &Table<'v>,
        prefix: &str,
        merge: bool,
    ) -> Result<(), CoalesceError> {
        for subchart in &chart.dependencies {
            let name = subchart.name();
            let table = match values.get(name) {
                None => {
                    let table = Table::default();
                    values.insert(name, Node::Table(table.clone()));
                    table
                }
                Some(Node::Table(table)) => table,
                Some(Node::Leaf(value)) => {
                    let value = table::printed_as_truth(value);
                    return Err(CoalesceError {
                        subchart: name.to_string(),
                        value,
                    });
                }
            };
            let prefix = joined(prefix, chart.name());
            self.globals(&table, values, &prefix);
            self.chart(subchart, &table, &prefix, merge)?;
        }
        Ok(())
    }

    /// Hands a chart's globals to one of its subcharts.
    // Parity: coalesceGlobals.
    fn globals<'v>(&mut self, values: &Table<'v>, parent: &Table<'v>, prefix: &str) {
        let table_of = |values: &Table<'v>| match values.get(GLOBAL_KEY) {
            None => Some(Table::default()),
            Some(node) => node.as_table().cloned(),
        };
        let Some(own) = table_of(values) else {
            return self
                .warn("warning: skipping globals because destination global is not a table.");
        };
        let Some(from_parent) = table_of(parent) else {
            return self.warn("warning: skipping globals because source global is not a table.");
        };
        for (key, node) in from_parent.entries() {
            self.global(&own, key, node, prefix);
        }
        values.insert(GLOBAL_KEY, Node::Table(own));
    }

    fn global<'v>(&mut self, own: &Table<'v>, key: Cow<'v, str>, node: Node<'v>, prefix: &str) {
        match (node, own.get(&key)) {
            (Node::Table(table), None) => own.insert(key, Node::Table(table.shallow_copy())),
            (Node::Table(table), Some(Node::Table(present))) => {
                // The parent's win here, top-down. Tables within the copy are still the parent's own.
                let copy = table.shallow_copy();
                self.tables(&copy, &present, &joined(prefix, &key), true);
                own.insert(key, Node::Table(copy));
            }
            (Node::Table(_), Some(_)) => {
                self.warn(format!(
                    "Conflict: cannot merge map onto non-map for {}. Skipping.",
                    quote(key.as_bytes())
                ));
            }
            (_, Some(Node::Table(_))) => self.warn(format!("key {key} is table. Skipping")),
            (leaf, _) => own.insert(key, leaf),
        }
    }

    /// Adds a chart's own defaults to the values for it.
    // Parity: coalesceValues.
    fn defaults<'v>(&mut self, chart: &'v Chart, values: &Table<'v>, prefix: &str, merge: bool) {
        let prefix = joined(prefix, chart.name());
        let defaults = chart.values.as_ref().map(Table::new).unwrap_or_default();
        for (key, default) in defaults.entries() {
            match values.get(&key) {
                Some(node) if node.is_null() && !merge => values.remove(&key),
                Some(Node::Table(table)) => match default {
                    Node::Table(default) => {
                        // A subchart's table keeps its nulls until it is the subchart's turn.
                        let merge = merge
                            || chart
                                .dependencies
                                .iter()
                                .any(|subchart| subchart.name() == key);
                        if !merge {
                            default.clean_nulls();
                        }
                        self.tables(&table, &default, &joined(&prefix, &key), merge);
                    }
                    leaf if leaf.is_null() => {}
                    Node::Leaf(_) => self.warn(format!(
                        "warning: skipped value for {prefix}.{key}: Not a table."
                    )),
                },
                Some(_) => {}
                None if merge => values.insert(key, default),
                None if default.is_null() => {}
                None => {
                    if let Node::Table(table) = &default {
                        table.clean_nulls();
                    }
                    values.insert(key, default);
                }
            }
        }
    }

    /// Adds to one table what another has and it has not.
    // Parity: coalesceTablesFullKey.
    fn tables<'v>(&mut self, over: &Table<'v>, base: &Table<'v>, prefix: &str, merge: bool) {
        let mut deleted = BTreeSet::new();
        for (key, node) in over.entries() {
            if node.is_null() {
                if base.get(&key).is_some_and(|node| !node.is_null()) {
                    deleted.insert(key.clone());
                }
                base.insert(key, node);
            }
        }
        for (key, node) in base.entries() {
            match (over.get(&key), node) {
                (Some(present), _) if !merge && present.is_null() && deleted.contains(&key) => {
                    over.remove(&key);
                }
                (None, node) => over.insert(key, node),
                (Some(Node::Table(present)), Node::Table(table)) => {
                    self.tables(&present, &table, &joined(prefix, &key), merge);
                }
                (Some(_), Node::Table(table)) => self.warn(format!(
                    "warning: cannot overwrite table with non table for {} ({})",
                    joined(prefix, &key),
                    printed(&Node::Table(table).to_value())
                )),
                (Some(Node::Table(_)), leaf) if !leaf.is_null() => self.warn(format!(
                    "warning: destination for {} is a table. Ignoring non-table value ({})",
                    joined(prefix, &key),
                    printed(&leaf.to_value())
                )),
                _ => {}
            }
        }
    }

    fn warn(&mut self, message: impl Into<String>) {
        self.findings.push(Finding::info(message));
    }
}

fn joined(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_string()
    } else {
        format!("{prefix}.{key}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Metadata;
    use crate::yaml::{self, Value};

    fn map(text: &str) -> Map {
        yaml::parse(text.as_bytes()).unwrap().into_map().unwrap()
    }

    fn chart(name: &str, values: &str, dependencies: Vec<Chart>) -> Chart {
        let metadata = Metadata {
            name: name.to_string(),
            ..Metadata::default()
        };
        Chart {
            metadata,
            values: Some(map(values)),
            dependencies,
            ..Chart::default()
        }
    }

    fn coalesced(chart: &Chart, values: &str) -> (String, Vec<String>) {
        let mut findings = Vec::new();
        let values = coalesce_values(chart, &map(values), &mut findings).unwrap();
        let text = yaml::json::to_json(&Value::Map(values)).unwrap();
        (
            text,
            findings
                .into_iter()
                .map(|finding| finding.message)
                .collect(),
        )
    }

    #[test]
    fn a_null_in_values_deletes_the_default() {
        let chart = chart(
            "web",
            "{a: 1, b: {c: 2, d: 3}, e: null, f: {g: null}}",
            vec![],
        );
        assert_eq!(
            coalesced(&chart, "{a: null, b: {c: null}}").0,
            r#"{"b":{"d":3},"f":{}}"#
        );
    }

    #[test]
    fn globals_travel_down_and_the_parent_wins() {
        let sub = chart("sub", "{global: {a: sub, b: {c: sub, d: sub}}}", vec![]);
        let web = chart("web", "{global: {a: web, b: {c: web}}}", vec![sub]);
        assert_eq!(
            coalesced(&web, "{}").0,
            r#"{"global":{"a":"web","b":{"c":"web"}},"sub":{"global":{"a":"web","b":{"c":"web","d":"sub"}}}}"#
        );
    }

    #[test]
    fn what_is_no_table_is_told_and_skipped() {
        let web = chart("web", "{a: 1, b: {c: 2}}", vec![]);
        assert_eq!(
            coalesced(&web, "{a: {x: 1}, b: 3}"),
            (
                r#"{"a":{"x":1},"b":3}"#.to_string(),
                vec!["warning: skipped value for web.a: Not a table.".to_string()]
            )
        );
    }

    #[test]
    fn a_subchart_is_configured_with_a_table() {
        let web = chart("web", "{}", vec![chart("sub", "{}", vec![])]);
        let error = coalesce_values(&web, &map("{sub: [a]}"), &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "type mismatch on sub: [%!t(string=a)]");
    }
}
