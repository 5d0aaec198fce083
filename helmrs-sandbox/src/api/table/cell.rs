//! What cells are made of.

use serde_json::{Value as Json, json};

/// What stands for nothing.
pub(super) const NONE: &str = "<none>";

/// The object's name.
pub(super) fn name(object: &Json) -> Json {
    object["metadata"]["name"].clone()
}

/// How long ago the object was made.
pub(super) fn age(object: &Json) -> Json {
    since(&object["metadata"]["creationTimestamp"]).into()
}

/// How long ago a time was.
pub(super) fn since(time: &Json) -> String {
    match time
        .as_str()
        .and_then(|time| time.parse::<jiff::Timestamp>().ok())
    {
        Some(time) => span(jiff::Timestamp::now().as_second() - time.as_second()),
        None => "<unknown>".to_owned(),
    }
}

/// A number of seconds in its largest units.
// Parity: Kubernetes, apimachinery/pkg/util/duration/duration.go, HumanDuration.
pub(super) fn span(seconds: i64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let days = hours / 24;
    let two = |large: i64, unit: &str, small: i64, rest: &str| match small {
        0 => format!("{large}{unit}"),
        small => format!("{large}{unit}{small}{rest}"),
    };
    match () {
        () if seconds < -1 => "<invalid>".to_owned(),
        () if seconds < 0 => "0s".to_owned(),
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, "m", seconds % 60, "s"),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two(hours, "h", minutes % 60, "m"),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 192 => two(days, "d", hours % 24, "h"),
        () if days < 730 => format!("{days}d"),
        () if days < 2920 => two(days / 365, "y", days % 365, "d"),
        () => format!("{}y", days / 365),
    }
}

/// A number at a pointer; 0 if it is missing.
pub(super) fn number(object: &Json, pointer: &str) -> i64 {
    object
        .pointer(pointer)
        .and_then(Json::as_i64)
        .unwrap_or_default()
}

/// A text at a pointer; `default` if it is missing or empty.
pub(super) fn text(object: &Json, pointer: &str, default: &str) -> Json {
    let text = object
        .pointer(pointer)
        .and_then(Json::as_str)
        .filter(|text| !text.is_empty());
    text.unwrap_or(default).into()
}

/// The items of a list at a pointer.
pub(super) fn items<'a>(object: &'a Json, pointer: &str) -> impl Iterator<Item = &'a Json> {
    object
        .pointer(pointer)
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
}

/// Texts joined by commas, or nothing's sign.
pub(super) fn joined(texts: impl IntoIterator<Item = String>) -> Json {
    let texts: Vec<String> = texts.into_iter().collect();
    if texts.is_empty() {
        NONE.into()
    } else {
        texts.join(",").into()
    }
}

/// The labels a selector names.
pub(super) fn selector(selector: &Json) -> Json {
    let labels = selector.get("matchLabels").unwrap_or(selector).as_object();
    let pairs = labels.into_iter().flatten();
    joined(pairs.filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?))))
}

/// The names and images of the containers of a pod template, as two cells.
pub(super) fn containers(template: &Json) -> [Json; 2] {
    let of = |field: &'static str| {
        joined(
            items(template, "/spec/containers")
                .map(move |container| container[field].as_str().unwrap_or_default().to_owned()),
        )
    };
    [of("name"), of("image")]
}

/// How many entries maps or lists at these names have.
pub(super) fn count(object: &Json, names: &[&str]) -> Json {
    let count = |name: &&str| match &object[*name] {
        Json::Object(map) => map.len(),
        Json::Array(list) => list.len(),
        _ => 0,
    };
    json!(names.iter().map(count).sum::<usize>())
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_keep_two_units_while_they_are_short() {
        let spans = [
            5, 119, 125, 600, 3600, 10_800, 12_000, 90_000, 180_000, 800_000,
        ];
        let texts = [
            "5s", "119s", "2m5s", "10m", "60m", "3h", "3h20m", "25h", "2d2h", "9d",
        ];
        assert_eq!(spans.map(span), texts);
    }
}
