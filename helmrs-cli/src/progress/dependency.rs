//! What happens while a chart's dependencies are fetched, in words.

use helmrs_client::DependencyEvent;

use crate::quote::quote;

/// The line of a step; none for those only a developer wants to know of, unless `debug` says so.
// Parity: Helm, pkg/downloader/manager.go: the sentences, and which of them lack a line's end.
pub(super) fn text(event: &DependencyEvent, debug: bool) -> Option<String> {
    Some(match event {
        DependencyEvent::Directory { repository } if debug => {
            format!("Repository from local path: {repository}\n")
        }
        DependencyEvent::RefreshingUnmanaged => {
            "Getting updates for unmanaged Helm repositories...\n".to_owned()
        }
        DependencyEvent::Refreshing => {
            "Hang tight while we grab the latest from your chart repositories...\n".to_owned()
        }
        DependencyEvent::Refreshed { repository } => {
            let name = quote(repository);
            format!("...Successfully got an update from the {name} chart repository\n")
        }
        DependencyEvent::NotRefreshed { name, url, error } => {
            let repository = match name {
                Some(name) => format!("{} chart repository ({url})", quote(name)),
                None => format!("{} chart repository", quote(url)),
            };
            format!("...Unable to get an update from the {repository}:\n\t{error}\n")
        }
        DependencyEvent::RefreshComplete => "Update Complete. ⎈Happy Helming!⎈\n".to_owned(),
        DependencyEvent::Saving { count } => format!("Saving {count} charts\n"),
        DependencyEvent::AssumedPresent { name } => format!(
            "Dependency {name} did not declare a repository. Assuming it exists in the charts directory\n"
        ),
        DependencyEvent::Archiving { name, repository } if debug => {
            format!("Archiving {name} from repo {repository}\n")
        }
        DependencyEvent::Downloading { name, repository } => {
            format!("Downloading {name} from repo {repository}\n")
        }
        DependencyEvent::ProvenanceMissing { chart, error } => {
            format!("WARNING: Verification not found for {chart}: {error}\n")
        }
        DependencyEvent::AlreadyDownloaded { name, repository } => {
            format!("Already downloaded {name} from repo {repository}\n")
        }
        DependencyEvent::SaveFailed { error } => format!("Save error occurred:  {error}\n"),
        DependencyEvent::NotMovable { path, error } => {
            format!("Could not verify {path} for moving: {error} (Skipping)")
        }
        DependencyEvent::MoveFailed { path, error } => {
            format!("Unable to move {path} to charts dir {error} (Skipping)")
        }
        DependencyEvent::DeletingOutdated => "Deleting outdated charts\n".to_owned(),
        DependencyEvent::NotDeletable { path, error } => {
            format!("Could not verify {path} for deletion: {error} (Skipping)\n")
        }
        DependencyEvent::DeleteFailed { path, error } => {
            format!("Could not delete {path}: {error} (Skipping)")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_nobody_added_goes_by_its_url() {
        let event = |name: Option<&str>| DependencyEvent::NotRefreshed {
            name: name.map(str::to_owned),
            url: "http://a".to_owned(),
            error: "gone".to_owned(),
        };
        assert_eq!(
            text(&event(None), false).unwrap(),
            "...Unable to get an update from the \"http://a\" chart repository:\n\tgone\n"
        );
        assert_eq!(
            text(&event(Some("a")), false).unwrap(),
            "...Unable to get an update from the \"a\" chart repository (http://a):\n\tgone\n"
        );
    }

    #[test]
    fn directories_are_for_developers() {
        let event = DependencyEvent::Directory {
            repository: "file://a".to_owned(),
        };
        assert_eq!(text(&event, false), None);
        assert!(text(&event, true).is_some());
    }
}
