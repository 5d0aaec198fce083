//! What other programs rely on: futures that may move between threads, and a client of their own.

use helmrs_client::action::{self, InstallRequest, ListRequest, TestRequest, UpgradeRequest};
use helmrs_client::action::{RollbackRequest, StatusRequest, UninstallRequest};
use helmrs_client::{Context, Settings, chain};
use helmrs_sandbox::{Options, Sandbox};

use crate::world;

fn may_move<T: Send>(_: &T) {}

#[test]
fn actions_may_move_between_threads() {
    let context = Context::new(Settings::new(
        "shop",
        helmrs_client::ClusterSettings::default(),
    ));
    may_move(&action::install(&context, InstallRequest::default()));
    may_move(&action::upgrade(&context, UpgradeRequest::default()));
    may_move(&action::rollback(&context, RollbackRequest::default()));
    may_move(&action::uninstall(&context, UninstallRequest::default()));
    may_move(&action::list(&context, &ListRequest::default()));
    may_move(&action::status(&context, &StatusRequest::default()));
    may_move(&action::test(&context, &TestRequest::default()));
    may_move(&action::history(&context, "web"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_the_callers_is_enough() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let client = world::client(&sandbox).await;
    let context = Context::new(Settings::new("shop", client));
    let folder = tempfile::tempdir().unwrap();
    let templates = &[(
        "templates/a.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    )];
    let request = InstallRequest {
        name: "web".into(),
        chart: world::chart_in(folder.path(), templates),
        create_namespace: true,
        ..InstallRequest::default()
    };
    action::install(&context, request).await.unwrap();
    let records = context.storage_in("").list().await.unwrap();
    assert_eq!(records.len(), 1);
    let error = action::history(&context, "other").await.unwrap_err();
    assert_eq!(chain(&error), "release: not found");
}
