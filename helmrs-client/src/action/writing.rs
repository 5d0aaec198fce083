//! How a revision's objects are written, as flags and earlier revisions say.

use super::options::{ApplyMethod, Force, ServerSide};
use crate::cluster::apply::{Change, Creation};
use crate::cluster::{ApplyError, Cluster};

/// How objects are created where taking over the fields of others is out of the question.
pub(super) fn creation(apply: ApplyMethod) -> Creation {
    match apply {
        ApplyMethod::ServerSide => Creation::ServerSide { force: false },
        ApplyMethod::ClientSide => Creation::ClientSide,
    }
}

/// Who works out what a write changes; `earlier` did it for an earlier revision.
pub(super) fn method(wanted: &ServerSide, earlier: &str) -> Option<ApplyMethod> {
    match wanted {
        ServerSide::Auto if earlier == ApplyMethod::ServerSide.as_str() => {
            Some(ApplyMethod::ServerSide)
        }
        ServerSide::Auto | ServerSide::Never => Some(ApplyMethod::ClientSide),
        ServerSide::Always => Some(ApplyMethod::ServerSide),
        ServerSide::Unknown(_) => None,
    }
}

/// How existing objects are changed; where objects are only pretended, any way will do.
pub(super) fn change(
    cluster: &Cluster,
    apply: ApplyMethod,
    force: Force,
    adopt_fields: bool,
) -> Result<Change, ApplyError> {
    match (apply, force) {
        (ApplyMethod::ServerSide, Force::Replace) if !cluster.is_pretended() => {
            Err(ApplyError::ReplaceByServer)
        }
        (ApplyMethod::ClientSide, Force::Conflicts) if !cluster.is_pretended() => {
            Err(ApplyError::ForceByClient)
        }
        (ApplyMethod::ServerSide, force) => Ok(Change::ServerSide {
            force: force == Force::Conflicts,
            adopt_fields,
        }),
        (ApplyMethod::ClientSide, Force::Replace) => Ok(Change::Replace),
        (ApplyMethod::ClientSide, _) => Ok(Change::ClientSide {
            three_way_always: false,
        }),
    }
}
