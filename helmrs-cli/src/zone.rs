//! The time zone of this machine.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use helmrs_gotemplate::time::Zone;
use jiff::tz::TimeZone;

use crate::environment::TZ;

/// The zone of a machine that says nothing else.
const LOCAL_TIME: &str = "/etc/localtime";
/// Where the files of zones lie.
const SOURCES: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/lib/locale/TZ",
    "/etc/zoneinfo",
];

/// The zone Go calls `Local`, read once: one file, and not the list of all there are.
pub(crate) fn local() -> Zone {
    static LOCAL: OnceLock<Zone> = OnceLock::new();
    LOCAL
        .get_or_init(|| named(std::env::var_os(TZ.name).as_deref()))
        .clone()
}

/// The zone that a value of the variable `TZ` names; what cannot be read is UTC.
// Parity: Go, time/zoneinfo_unix.go, initLocal.
fn named(variable: Option<&OsStr>) -> Zone {
    let Some(text) = variable else {
        return Zone::Local(read(Path::new(LOCAL_TIME)));
    };
    let text = text.to_string_lossy();
    let name = text.strip_prefix(':').unwrap_or(&text);
    let zone = match name {
        "" | "UTC" => None,
        path if path.starts_with('/') => read(Path::new(path)),
        name => SOURCES
            .iter()
            .find_map(|source| read(&Path::new(source).join(name))),
    };
    Zone::Local(zone)
}

fn read(path: &Path) -> Option<TimeZone> {
    let data = fs::read(path).ok()?;
    TimeZone::tzif("Local", &data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_zone_is_utc() {
        for text in ["", ":", "UTC", "Nowhere/At/All", "/nowhere"] {
            let zone = named(Some(OsStr::new(text)));
            assert!(matches!(zone, Zone::Local(None)), "{text}");
        }
    }
}
