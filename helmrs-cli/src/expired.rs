//! Repositories that were closed down, which every command warns of as long as they are on the list.
// Parity: Helm, pkg/cmd/root.go, checkForExpiredRepos.

use std::path::Path;

use helmrs_core::repository::entries::RepositoriesFile;

use crate::printer::Printer;
use crate::quote::quote;

/// Name, old address and new address of each.
const EXPIRED: [(&str, &str, &str); 2] = [
    (
        "stable",
        "kubernetes-charts.storage.googleapis.com",
        "https://charts.helm.sh/stable",
    ),
    (
        "incubator",
        "kubernetes-charts-incubator.storage.googleapis.com",
        "https://charts.helm.sh/incubator",
    ),
];

/// Warns of repositories on the list that were closed down.
pub(crate) fn warn(list: &Path, printer: &Printer) {
    let Ok(text) = std::fs::read_to_string(list) else {
        return;
    };
    // Hardly any list is worth being understood for this.
    if !EXPIRED.iter().any(|(_, old, _)| text.contains(old)) {
        return;
    }
    let Ok(list) = RepositoriesFile::read(text.as_bytes()) else {
        return;
    };
    for (name, old, new) in EXPIRED {
        // Parity: without the first one nobody looks for the second.
        let Some(entry) = list.find(name) else {
            return;
        };
        if entry.url.contains(old) {
            let (old, name, new) = (quote(old), quote(name), quote(new));
            printer.note(&format!(
                "WARNING: {old} is deprecated for {name} and will be deleted Nov. 13, 2020.\n\
                 WARNING: You should switch to {new} via:\n\
                 WARNING: helm repo add {name} {new} --force-update"
            ));
        }
    }
}
