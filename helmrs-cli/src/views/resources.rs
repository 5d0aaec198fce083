//! Live objects in the columns the API server chose for them.

use std::fmt::Write;

use helmrs_core::yaml::Value;

/// How many spaces are left between columns.
const GAP: usize = 3;
/// How wide a column is at least.
const NARROWEST: usize = 6;

/// Lines up tables of one kind, one below the other; the headers come once, and not before there is a row.
// Parity: cli-runtime, pkg/printers/tableprinter.go: every object is a table of its own, lined up by itself.
pub(crate) fn table(tables: &[Value]) -> String {
    let mut text = String::new();
    let mut last: Option<&Value> = None;
    let mut has_headers = false;
    for table in tables {
        let columns = table
            .get("columnDefinitions")
            .filter(|columns| !definitions(Some(columns)).is_empty());
        if columns.is_some() && columns != last {
            last = columns;
            has_headers = false;
        }
        let shown = shown(last);
        let mut rows = cells(table, &shown);
        if rows.is_empty() {
            continue;
        }
        if !has_headers {
            rows.insert(0, headers(last, &shown));
            has_headers = true;
        }
        line_up(&mut text, &rows);
    }
    text
}

fn definitions(columns: Option<&Value>) -> &[Value] {
    columns.and_then(Value::as_list).unwrap_or_default()
}

/// Which columns are shown unless more detail is wanted.
fn shown(columns: Option<&Value>) -> Vec<usize> {
    let first_class = |column: &Value| {
        column
            .get("priority")
            .and_then(Value::as_float)
            .unwrap_or_default()
            == 0.0
    };
    let columns = definitions(columns).iter().enumerate();
    columns
        .filter(|(_, column)| first_class(column))
        .map(|(index, _)| index)
        .collect()
}

fn headers(columns: Option<&Value>, shown: &[usize]) -> Vec<String> {
    let name = |index: &usize| {
        definitions(columns)[*index]
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    shown
        .iter()
        .map(|index| name(index).to_uppercase())
        .collect()
}

fn cells(table: &Value, shown: &[usize]) -> Vec<Vec<String>> {
    let rows = table
        .get("rows")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let row = |row: &Value| {
        let cells = row
            .get("cells")
            .and_then(Value::as_list)
            .unwrap_or_default();
        shown
            .iter()
            .map(|index| cells.get(*index).map(cell).unwrap_or_default())
            .collect()
    };
    rows.iter().map(row).collect()
}

/// A cell's text, of which only the first line is shown.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => match text.split_once(['\n', '\r', '\x0c']) {
            Some((line, _)) => format!("{line}..."),
            None => text.clone(),
        },
        Value::Float(number) => {
            helmrs_core::yaml::json::to_json(&Value::Float(*number)).unwrap_or_default()
        }
        other => helmrs_core::yaml::json::to_json(other).unwrap_or_default(),
    }
}

fn line_up(text: &mut String, rows: &[Vec<String>]) {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let widest = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max();
        (widest.unwrap_or_default() + GAP).max(NARROWEST)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = if column + 1 < row.len() {
                widths[column]
            } else {
                0
            };
            write!(text, "{cell:width$}").expect("writing to a string cannot fail");
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pods(rows: &str) -> Value {
        let text = format!("{{columnDefinitions: [{{name: Name, priority: 0}}], rows: [{rows}]}}");
        helmrs_core::yaml::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn headers_come_once_and_only_above_rows() {
        let one = pods("{cells: [a]}");
        let none = pods("");
        assert_eq!(table(std::slice::from_ref(&none)), "");
        assert_eq!(table(&[none.clone(), one.clone()]), "NAME\na\n");
        assert_eq!(table(&[one.clone(), none, one]), "NAME\na\na\n");
    }
}
