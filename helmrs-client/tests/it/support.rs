//! What every test needs: a context of its own, and somebody who listens.

use std::path::Path;
use std::sync::Arc;

use helmrs_client::event::Recorder;
use helmrs_client::{Cancellation, ClusterSettings, Context, Directories, DriverKind, Settings};
use helmrs_gotemplate::ambient::Fixed;

/// A context whose files are all below a folder.
pub(crate) fn context(folder: &Path, cluster: ClusterSettings) -> (Context, Recorder) {
    let watch = Recorder::default();
    let context = Context::new(Settings {
        namespace: "shop".to_string(),
        cluster: cluster.into(),
        driver: DriverKind::Secret,
        directories: Directories {
            repository_config: folder.join("config/repositories.yaml"),
            repository_cache: folder.join("cache/repository"),
            content_cache: folder.join("cache/content"),
            registry_config: folder.join("config/registry/config.json"),
            ..Directories::default()
        },
        ambient: Arc::new(Fixed::default()),
        watch: Arc::new(watch.clone()),
        cancellation: Cancellation::default(),
    });
    (context, watch)
}
