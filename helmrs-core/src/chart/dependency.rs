//! Which subcharts are wanted, and what the parent takes over of their values.

use super::coalesce::{CoalesceError, Node, Table, combine, merge_shared, printed};
use super::{Chart, Dependency};
use crate::finding::Finding;
use crate::version::is_compatible;
use crate::yaml::{Map, Value};

/// What a chart is configured with when nobody says anything.
static NO_VALUES: Map = Map::new();

/// Drops the subcharts that are switched off, doubles those with several aliases and imports values.
///
/// `values` are the user's; they decide about conditions and tags. Warnings are added to `findings`.
// Parity: Helm, pkg/chart/v2/util/dependencies.go, ProcessDependencies.
pub fn process_dependencies(
    chart: &mut Chart,
    values: &Map,
    findings: &mut Vec<Finding>,
) -> Result<(), CoalesceError> {
    drop_disabled(chart, values, "", findings)?;
    import_all_values(chart, findings)
}

/// The names of the dependencies that `Chart.yaml` asks for and `charts/` has not.
// Parity: Helm, pkg/action/install.go, CheckDependencies.
pub fn missing_dependencies(chart: &Chart) -> Vec<&str> {
    let present = |wanted: &str| {
        chart
            .dependencies
            .iter()
            .any(|subchart| subchart.name() == wanted)
    };
    let wanted = chart
        .metadata
        .dependencies
        .iter()
        .map(|dependency| dependency.name.as_str());
    wanted.filter(|name| !present(name)).collect()
}

// Parity: processDependencyEnabled.
fn drop_disabled(
    chart: &mut Chart,
    values: &Map,
    path: &str,
    findings: &mut Vec<Finding>,
) -> Result<(), CoalesceError> {
    if chart.metadata.dependencies.is_absent() {
        return Ok(());
    }
    resolve_aliases(chart);
    let mut dependencies = std::mem::take(&mut chart.metadata.dependencies);
    let values = combine(chart, values, false, findings)?;
    for dependency in &mut dependencies {
        dependency.enabled = true;
        apply_tags(dependency, &values, findings);
    }
    for dependency in &mut dependencies {
        apply_conditions(dependency, &values, path, findings);
    }
    let goes_on = |subchart: &Chart| !subchart.metadata.dependencies.is_absent();
    let values = chart
        .dependencies
        .iter()
        .any(goes_on)
        .then(|| values.to_map());
    chart.metadata.dependencies = dependencies;
    let disabled: Vec<String> = chart
        .metadata
        .dependencies
        .iter()
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.clone())
        .collect();
    chart
        .dependencies
        .retain(|subchart| !disabled.contains(&subchart.metadata.name));
    chart
        .metadata
        .dependencies
        .retain(|dependency| !disabled.contains(&dependency.name));
    if let Some(values) = values {
        for subchart in &mut chart.dependencies {
            let path = format!("{path}{}.", subchart.metadata.name);
            drop_disabled(subchart, &values, &path, findings)?;
        }
    }
    Ok(())
}

/// Puts the subcharts into the order `Chart.yaml` asks for them, once for each time it does, under the name it wants.
fn resolve_aliases(chart: &mut Chart) {
    let wanted = &mut chart.metadata.dependencies;
    let fits = |subchart: &Chart, dependency: &Dependency| {
        subchart.name() == dependency.name
            && is_compatible(&dependency.version, &subchart.metadata.version)
    };
    let (mut resolved, mut known) = (Vec::new(), Vec::<Chart>::new());
    for subchart in std::mem::take(&mut chart.dependencies) {
        let is_wanted = wanted.iter().any(|dependency| fits(&subchart, dependency));
        if is_wanted {
            known.push(subchart);
        } else {
            resolved.push(subchart);
        }
    }
    let place_of = |dependency| known.iter().position(|subchart| fits(subchart, dependency));
    let places: Vec<Option<usize>> = wanted.iter().map(place_of).collect();
    for (index, dependency) in wanted.iter_mut().enumerate() {
        if let Some(place) = places[index] {
            let is_last = !places[index + 1..].contains(&Some(place));
            let mut subchart = if is_last {
                std::mem::take(&mut known[place])
            } else {
                known[place].clone()
            };
            if !dependency.alias.is_empty() {
                subchart.metadata.name.clone_from(&dependency.alias);
            }
            resolved.push(subchart);
        }
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
    }
    chart.dependencies = resolved;
}

/// Switches a dependency by its tags: one that is true is enough; off if all that are set are false.
// Parity: processDependencyTags.
fn apply_tags(dependency: &mut Dependency, values: &Table<'_>, findings: &mut Vec<Finding>) {
    let Some(Node::Table(tags)) = values.get("tags") else {
        return;
    };
    let (mut any_true, mut any_false) = (false, false);
    for tag in &dependency.tags {
        match tags.get(tag) {
            None => {}
            Some(Node::Leaf(Value::Bool(true))) => any_true = true,
            Some(Node::Leaf(Value::Bool(false))) => any_false = true,
            Some(_) => {
                let finding = Finding::warning("returned non-bool value");
                findings.push(finding.with("tag", tag).with("chart", &dependency.name));
            }
        }
    }
    dependency.enabled = any_true || !any_false;
}

/// Switches a dependency by the first of its conditions that the values know.
// Parity: processDependencyConditions.
fn apply_conditions(
    dependency: &mut Dependency,
    values: &Table<'_>,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    for condition in dependency
        .condition
        .trim()
        .split(',')
        .filter(|condition| !condition.is_empty())
    {
        match leaf_at(values, &format!("{path}{condition}")) {
            None => {}
            Some(Value::Bool(enabled)) => {
                dependency.enabled = *enabled;
                return;
            }
            Some(_) => {
                let finding = Finding::warning("returned non-bool value");
                findings.push(
                    finding
                        .with("path", condition)
                        .with("chart", &dependency.name),
                );
            }
        }
    }
}

/// What stands at the end of a dotted path, unless it is a table.
// Parity: Helm, pkg/chart/common/values.go, PathValue.
fn leaf_at<'v>(values: &Table<'v>, path: &str) -> Option<&'v Value> {
    let (table, key) = match path.rsplit_once('.') {
        Some((parent, key)) => (table_at(values, parent).ok()?, key),
        None => (values.clone(), path),
    };
    match table.get(key)? {
        Node::Leaf(value) => Some(value),
        Node::Table(_) => None,
    }
}

/// The table at the end of a dotted path, or the part of the path that is none.
// Parity: Helm, pkg/chart/common/values.go, Table.
fn table_at<'v>(values: &Table<'v>, path: &str) -> Result<Table<'v>, String> {
    path.split('.')
        .try_fold(values.clone(), |table, key| match table.get(key) {
            Some(Node::Table(table)) => Ok(table),
            _ => Err(key.to_string()),
        })
}

// Parity: processDependencyImportValues.
fn import_all_values(chart: &mut Chart, findings: &mut Vec<Finding>) -> Result<(), CoalesceError> {
    for subchart in &mut chart.dependencies {
        import_all_values(subchart, findings)?;
    }
    import_values(chart, findings)
}

/// Adds to a chart's defaults what its dependencies export to it.
// Parity: processImportValues.
fn import_values(chart: &mut Chart, findings: &mut Vec<Finding>) -> Result<(), CoalesceError> {
    if chart.metadata.dependencies.is_empty() {
        return Ok(());
    }
    let (values, imports) = imported_values(chart, findings)?;
    chart.values = Some(values);
    for (dependency, imports) in chart.metadata.dependencies.iter_mut().zip(imports) {
        dependency.import_values = imports;
    }
    Ok(())
}

/// A chart's values with what its dependencies export to it, and for each dependency what was imported.
fn imported_values(
    chart: &Chart,
    findings: &mut Vec<Finding>,
) -> Result<(Map, Vec<Vec<Value>>), CoalesceError> {
    let values = combine(chart, &NO_VALUES, true, findings)?;
    let imported = Table::default();
    let mut all_imports = Vec::new();
    for dependency in &chart.metadata.dependencies {
        let mut imports = Vec::new();
        for wanted in &dependency.import_values {
            let Some(import) = Import::read(wanted) else {
                continue;
            };
            imports.push(import.to_value());
            match table_at(&values, &format!("{}.{}", dependency.name, import.child)) {
                // Parity: Helm, pkg/chart/common/values.go, AsMap: an empty table is never shared.
                Ok(table) if table.is_empty() => {
                    merge_shared(&imported, &import.placed(Table::default()), findings);
                }
                Ok(table) => merge_shared(&imported, &import.placed(table), findings),
                Err(key) => findings.push(import.missing(&dependency.name, &key)),
            }
        }
        all_imports.push(imports);
    }
    // What the parent says itself wins over what it imports.
    let own = values.to_map();
    if imported.is_empty() {
        return Ok((own, all_imports));
    }
    let values = Table::new(&own);
    merge_shared(&values, &imported, findings);
    Ok((values.to_map(), all_imports))
}

/// One entry of `import-values`.
struct Import {
    /// Where the values stand in the subchart.
    child: String,
    /// Where they shall stand in the parent; `.` is its top.
    parent: String,
    /// Whether the entry was the name of an export.
    is_export: bool,
}

impl Import {
    fn read(wanted: &Value) -> Option<Self> {
        match wanted {
            Value::Map(entry) => {
                let text = |key| printed(entry.get(key).unwrap_or(&Value::Null));
                Some(Self {
                    child: text("child"),
                    parent: text("parent"),
                    is_export: false,
                })
            }
            Value::String(name) => Some(Self {
                child: format!("exports.{name}"),
                parent: ".".to_string(),
                is_export: true,
            }),
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        Value::Map(Map::from([
            ("child".to_string(), Value::from(self.child.as_str())),
            ("parent".to_string(), Value::from(self.parent.as_str())),
        ]))
    }

    /// The table in the place where the parent wants it.
    fn placed<'v>(&self, table: Table<'v>) -> Table<'v> {
        if self.parent == "." {
            return table;
        }
        self.parent
            .rsplit('.')
            .fold(table, |table, key| Table::of(key, Node::Table(table)))
    }

    fn missing(&self, chart: &str, key: &str) -> Finding {
        let error = format!(
            "{} is not a table",
            helmrs_gotemplate::number::quote(key.as_bytes())
        );
        if self.is_export {
            return Finding::warning("ImportValues missing table").with("error", error);
        }
        Finding::warning("ImportValues missing table from chart")
            .with("chart", chart)
            .with("error", error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Metadata;
    use crate::yaml;

    fn map(text: &str) -> Map {
        yaml::parse(text.as_bytes()).unwrap().into_map().unwrap()
    }

    fn chart(name: &str, values: &str, wants: &str, dependencies: Vec<Chart>) -> Chart {
        let metadata = Metadata {
            name: name.to_string(),
            version: "1.0.0".to_string(),
            dependencies: yaml::read(wants.as_bytes()).unwrap(),
            ..Metadata::default()
        };
        Chart {
            metadata,
            values: Some(map(values)),
            dependencies,
            ..Chart::default()
        }
    }

    fn names(chart: &Chart) -> Vec<&str> {
        chart.dependencies.iter().map(Chart::name).collect()
    }

    fn processed(mut chart: Chart, values: &str) -> (Chart, Vec<Finding>) {
        let mut findings = Vec::new();
        process_dependencies(&mut chart, &map(values), &mut findings).unwrap();
        (chart, findings)
    }

    #[test]
    fn a_condition_wins_over_tags() {
        let web = || {
            let wants = "[{name: a, version: '1', condition: 'a.yep,b.yep', tags: [x]}]";
            chart(
                "web",
                "{tags: {x: false}}",
                wants,
                vec![chart("a", "{}", "[]", vec![])],
            )
        };
        assert_eq!(names(&processed(web(), "{}").0), [""; 0]);
        assert_eq!(names(&processed(web(), "{a: {yep: true}}").0), ["a"]);
        assert_eq!(names(&processed(web(), "{b: {yep: true}}").0), ["a"]);
        let (chart, findings) = processed(web(), "{a: {yep: 'yes'}, b: {yep: true}}");
        assert_eq!(names(&chart), ["a"]);
        let expected = Finding::warning("returned non-bool value")
            .with("path", "a.yep")
            .with("chart", "a");
        assert_eq!(findings, [expected]);
    }

    #[test]
    fn a_chart_can_be_wanted_under_several_names() {
        let wants = "[{name: a, version: '1', alias: b}, {name: a, version: '1'}, {name: a, version: '9', alias: c}]";
        let web = chart(
            "web",
            "{}",
            wants,
            vec![
                chart("z", "{}", "[]", vec![]),
                chart("a", "{}", "[]", vec![]),
            ],
        );
        let (chart, _) = processed(web, "{}");
        assert_eq!(names(&chart), ["z", "b", "a"]);
        assert_eq!(chart.metadata.dependencies[2].name, "c");
    }

    #[test]
    fn exports_are_added_below_what_the_parent_says() {
        let wants =
            "[{name: a, version: '1', import-values: [data, {child: deep.er, parent: v.w}, nope]}]";
        let sub = chart(
            "a",
            "{exports: {data: {p: 1, q: 2}}, deep: {er: {z: 3}}}",
            "[]",
            vec![],
        );
        let (chart, findings) = processed(chart("web", "{p: own}", wants, vec![sub]), "{}");
        let values = chart.values.unwrap();
        assert_eq!(values["p"], Value::from("own"));
        assert_eq!(values["q"], Value::Float(2.0));
        assert_eq!(values["v"], Value::Map(map("{w: {z: 3}}")));
        assert_eq!(
            findings,
            [Finding::warning("ImportValues missing table")
                .with("error", "\"nope\" is not a table")]
        );
        assert_eq!(chart.metadata.dependencies[0].import_values.len(), 3);
    }

    #[test]
    fn missing_dependencies_are_named() {
        let web = chart(
            "web",
            "{}",
            "[{name: a, version: '1'}, {name: b}]",
            vec![chart("a", "{}", "[]", vec![])],
        );
        assert_eq!(missing_dependencies(&web), ["b"]);
    }
}
