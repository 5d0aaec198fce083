//! What every driver must do, whatever it stores records in.

use std::sync::Arc;

use helmrs_core::release::{Release, Status};
use helmrs_gotemplate::Ambient;
use helmrs_gotemplate::ambient::Fixed;
use helmrs_sandbox::{Options, Sandbox};

use super::{Driver, HistoryLimit, Storage, StorageError};
use crate::cancellation::Cancellation;
use crate::cluster::{Cluster, ClusterSettings, KubeconfigFiles, Presence, Surroundings};
use crate::event::Silent;

fn release(name: &str, revision: i64, status: Status) -> Release {
    let mut release = Release {
        name: name.to_string(),
        namespace: "shop".to_string(),
        revision,
        ..Release::default()
    };
    release.labels.insert("team".to_string(), "a".to_string());
    release.set_status(status, "said so");
    release
}

fn revisions(releases: &[Release]) -> Vec<i64> {
    releases.iter().map(|release| release.revision).collect()
}

/// Makes a driver of a cluster, a namespace and a clock.
type Make = fn(Arc<Cluster>, &str, Arc<dyn Ambient + Send + Sync>) -> Arc<dyn Driver>;

/// Runs the suite against a driver that stores on an API server.
pub(super) async fn run_on_cluster(make: Make) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = folder.path().join("kubeconfig");
    std::fs::write(&kubeconfig, sandbox.kubeconfig()).unwrap();
    let settings = ClusterSettings {
        kubeconfig: KubeconfigFiles::Explicit(kubeconfig),
        ..ClusterSettings::default()
    };
    let ambient = Arc::new(Fixed::default());
    let surroundings = Surroundings {
        ambient: ambient.clone(),
        watch: Arc::new(Silent),
        cancellation: Cancellation::default(),
    };
    let cluster = Cluster::new(
        settings.into(),
        "default".to_string(),
        Presence::Real,
        surroundings,
    );
    run(make(Arc::new(cluster), "default", ambient)).await;
}

/// Runs the suite against a driver that holds nothing in namespace `shop`.
pub(super) async fn run(driver: Arc<dyn Driver>) {
    let storage = Storage::new(driver, Arc::new(Silent));
    a_name_nobody_used_is_not_found(&storage).await;
    a_record_is_read_back_as_written(&storage).await;
    the_deployed_revision_is_found_among_others(&storage).await;
    old_revisions_make_room_but_the_deployed_one_stays(&storage).await;
}

async fn a_name_nobody_used_is_not_found(storage: &Storage) {
    assert!(storage.history("web").await.unwrap_err().is_not_found());
    assert!(storage.get("web", 1).await.unwrap_err().is_not_found());
    assert!(matches!(
        storage.deployed("web").await,
        Err(StorageError::NoDeployedReleases { .. })
    ));
}

async fn a_record_is_read_back_as_written(storage: &Storage) {
    let first = release("web", 1, Status::Deployed);
    storage.create(&first, HistoryLimit::None).await.unwrap();
    assert!(matches!(
        storage.create(&first, HistoryLimit::None).await,
        Err(StorageError::AlreadyExists)
    ));
    let read = storage.get("web", 1).await.unwrap();
    assert_eq!((read.name.as_str(), read.revision), ("web", 1));
    assert_eq!(read.info.description, "said so");
    assert_eq!(read.labels.get("team").map(String::as_str), Some("a"));
}

async fn the_deployed_revision_is_found_among_others(storage: &Storage) {
    storage
        .create(&release("web", 2, Status::Failed), HistoryLimit::None)
        .await
        .unwrap();
    storage
        .create(&release("other", 1, Status::Deployed), HistoryLimit::None)
        .await
        .unwrap();
    assert_eq!(storage.last("web").await.unwrap().revision, 2);
    assert_eq!(storage.deployed("web").await.unwrap().revision, 1);
    assert_eq!(storage.list().await.unwrap().len(), 3);
}

async fn old_revisions_make_room_but_the_deployed_one_stays(storage: &Storage) {
    storage
        .create(&release("web", 3, Status::Failed), HistoryLimit::Keep(2))
        .await
        .unwrap();
    assert_eq!(revisions(&storage.history("web").await.unwrap()), [1, 3]);
    let mut third = storage.get("web", 3).await.unwrap();
    third.set_status(Status::Deployed, "done");
    storage.update(&third).await.unwrap();
    storage.delete("web", 1).await.unwrap();
    assert_eq!(revisions(&storage.deployed_all("web").await.unwrap()), [3]);
}
