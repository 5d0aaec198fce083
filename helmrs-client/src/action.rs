//! What a user can ask for: one module a command, named like it.
//!
//! Every action takes a [`Context`] and a plain request. The order of what an action does is Helm's,
//! because it decides which of several errors a user sees.

pub mod dependency;
pub mod get;
pub mod history;
pub mod install;
pub mod list;
pub mod namespaces;
pub mod pull;
pub mod push;
pub mod registry;
pub mod repository;
pub mod rollback;
pub mod search_hub;
pub mod status;
pub mod template;
pub mod test;
pub mod uninstall;
pub mod upgrade;

pub use crds::CrdError;
pub use dependency::{DependencyError, DependencyRequest};
pub use get::{GetError, get, metadata, values};
pub use history::{HistoryError, history};
pub use install::{InstallError, InstallRequest, install};
pub use list::{ListError, ListRequest, list};
pub use namespaces::namespaces;
pub use options::{
    ApplyMethod, Budget, DryRun, Force, Hooks, Rendering, ServerSide, WaitStrategy, Waiting,
};
pub use pull::pull;
pub use push::{PushError, push};
pub use render::RenderError;
pub use rollback::{RollbackError, RollbackRequest, rollback};
pub use search_hub::{HubChart, HubError, search_hub};
pub use status::{StatusError, StatusRequest, status};
pub use template::template;
pub use test::{TestError, TestRequest, Tested, test};
pub use uninstall::{UninstallError, UninstallRequest, Uninstalled, uninstall};
pub use upgrade::{UpgradeError, UpgradeRequest, ValuesPolicy, upgrade};

mod crds;
mod hooks;
mod options;
mod render;
mod writing;

use helmrs_core::release::Release;

use crate::{Context, Event};

/// Updates a record on the way; that it cannot be written is told of, and no reason to stop.
async fn record(context: &Context, release: &Release) {
    if let Err(error) = context.storage().update(release).await {
        let (name, revision) = (release.name.clone(), release.revision);
        context.tell(Event::RecordUpdateFailed {
            name,
            revision,
            error: crate::error::chain(&error),
        });
    }
}
