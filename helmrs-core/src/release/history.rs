//! Which revision of a release is the current one, which the deployed one, and which are due to go.

use super::{Release, Status};

/// Sorts revisions, oldest first.
pub fn sort(revisions: &mut [Release]) {
    revisions.sort_by_key(|release| release.revision);
}

/// The newest revision, whatever its status.
pub fn last(revisions: &[Release]) -> Option<&Release> {
    revisions.iter().max_by_key(|release| release.revision)
}

/// The newest revision that is deployed; there is more than one only where two clients raced.
pub fn deployed(revisions: &[Release]) -> Option<&Release> {
    revisions
        .iter()
        .filter(|release| release.info.status == Status::Deployed)
        .max_by_key(|release| release.revision)
}

/// Why a release cannot be upgraded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum UpgradeError {
    /// There is nothing an upgrade could start from.
    #[error("\"{name}\" has no deployed releases")]
    NothingDeployed { name: String },
    /// Another operation is under way, or broke off.
    #[error("another operation (install/upgrade/rollback) is in progress")]
    Pending,
}

/// The revision an upgrade starts from: the deployed one, or else the newest if that failed or was superseded.
// Parity: Helm, pkg/action/upgrade.go, prepareUpgrade.
pub fn upgradable<'r>(revisions: &'r [Release], name: &str) -> Result<&'r Release, UpgradeError> {
    let nothing = || UpgradeError::NothingDeployed {
        name: name.to_owned(),
    };
    let last = last(revisions).ok_or_else(nothing)?;
    if last.info.status.is_pending() {
        return Err(UpgradeError::Pending);
    }
    match deployed(revisions) {
        Some(deployed) => Ok(deployed),
        None if matches!(last.info.status, Status::Failed | Status::Superseded) => Ok(last),
        None => Err(nothing()),
    }
}

/// The revisions to delete so that at most `keep` remain, oldest first; the deployed one always stays.
// Parity: Helm, pkg/storage/storage.go, removeLeastRecent.
pub fn surplus(revisions: &[Release], keep: usize) -> Vec<i64> {
    let deployed = deployed(revisions).map(|release| release.revision);
    let mut numbers: Vec<_> = revisions.iter().map(|release| release.revision).collect();
    numbers.sort_unstable();
    let excess = numbers.len().saturating_sub(keep);
    numbers
        .into_iter()
        .filter(|revision| Some(*revision) != deployed)
        .take(excess)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revisions(statuses: &[Status]) -> Vec<Release> {
        let numbered = statuses.iter().zip(1..);
        numbered
            .map(|(status, revision)| {
                let mut release = Release {
                    revision,
                    ..Release::default()
                };
                release.set_status(status.clone(), "");
                release
            })
            .collect()
    }

    #[test]
    fn the_deployed_revision_is_never_surplus() {
        use Status::{Deployed, Failed, Superseded};
        let revisions = revisions(&[Superseded, Deployed, Failed, Failed]);
        assert_eq!(surplus(&revisions, 2), [1, 3]);
        assert_eq!(surplus(&revisions, 0), [1, 3, 4]);
        assert_eq!(surplus(&revisions, 9), [0_i64; 0]);
    }

    #[test]
    fn an_upgrade_starts_from_what_is_deployed() {
        use Status::{Deployed, Failed, PendingUpgrade, Uninstalled};
        let start = |statuses: &[Status]| {
            let revisions = revisions(statuses);
            upgradable(&revisions, "web")
                .map(|release| release.revision)
                .map_err(|error| error.to_string())
        };
        assert_eq!(start(&[Deployed, Failed]), Ok(1));
        assert_eq!(start(&[Failed, Failed]), Ok(2));
        assert_eq!(
            start(&[]),
            Err("\"web\" has no deployed releases".to_owned())
        );
        assert_eq!(
            start(&[Uninstalled]),
            Err("\"web\" has no deployed releases".to_owned())
        );
        assert!(start(&[Deployed, PendingUpgrade]).is_err());
    }
}
