//! Custom resources: the columns their definition names.

use serde_json::{Value as Json, json};

use super::cell::{age, name, since};

/// The columns of a definition, or name and age.
pub(super) fn columns(own: &[Json]) -> Vec<Json> {
    if own.is_empty() {
        return super::columns("Name Age");
    }
    let mut columns = super::columns("Name");
    columns.extend(own.iter().map(|column| {
        json!({
            "name": column["name"], "type": column["type"],
            "format": column["format"].as_str().unwrap_or_default(),
            "description": column["description"].as_str().unwrap_or_default(),
            "priority": column["priority"].as_i64().unwrap_or_default(),
        })
    }));
    columns
}

/// The cells of one object.
pub(super) fn cells(own: &[Json], object: &Json) -> Vec<Json> {
    if own.is_empty() {
        return vec![name(object), age(object)];
    }
    let mut cells = vec![name(object)];
    cells.extend(own.iter().map(|column| {
        let path = column["jsonPath"].as_str().unwrap_or_default();
        let Some(value) = find(object, path) else {
            return Json::Null;
        };
        match column["type"].as_str() {
            Some("date") => since(value).into(),
            Some("string") => match value {
                Json::String(text) => text.clone().into(),
                other => other.to_string().into(),
            },
            _ => value.clone(),
        }
    }));
    cells
}

/// The first value a JSONPath such as `.status.conditions[?(@.type=="Ready")].status` names.
fn find<'a>(object: &'a Json, path: &str) -> Option<&'a Json> {
    let mut here = object;
    let mut rest = path.trim_start_matches('$');
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[?(") {
            let (test, after) = after.split_once(")]")?;
            let (field, wanted) = test.split_once("==")?;
            let field = field.trim().trim_start_matches("@.");
            let wanted = wanted.trim().trim_matches(['"', '\'']);
            here = here.as_array()?.iter().find(|item| item[field] == wanted)?;
            rest = after;
        } else if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            here = match index.parse::<usize>() {
                Ok(index) => here.get(index)?,
                Err(_) if index == "*" => here.get(0)?,
                Err(_) => here.get(index.trim_matches(['"', '\'']))?,
            };
            rest = after;
        } else {
            let text = rest.trim_start_matches('.');
            let mut end = 0;
            let mut escaped = false;
            for letter in text.chars() {
                if !escaped && matches!(letter, '.' | '[') {
                    break;
                }
                escaped = letter == '\\';
                end += letter.len_utf8();
            }
            here = here.get(text[..end].replace('\\', ""))?;
            rest = &text[end..];
        }
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::find;
    use serde_json::json;

    #[test]
    fn paths_find_fields_items_and_conditions() {
        let object = json!({"spec": {"a.b": 1, "list": [{"n": 2}]}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}});
        assert_eq!(find(&object, ".spec.a\\.b"), Some(&json!(1)));
        assert_eq!(find(&object, ".spec.list[0].n"), Some(&json!(2)));
        let ready = ".status.conditions[?(@.type==\"Ready\")].status";
        assert_eq!(find(&object, ready), Some(&json!("True")));
        assert_eq!(find(&object, ".nope.x"), None);
    }
}
