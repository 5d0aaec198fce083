//! How a revision's objects are written, as flags and earlier revisions say.

use super::options::{ApplyMethod, Force, ServerSide};
use crate::cluster::ApplyError;
use crate::cluster::apply::{Change, Creation};

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

/// How existing objects are changed.
pub(super) fn change(
    apply: ApplyMethod,
    force: Force,
    adopt_fields: bool,
) -> Result<Change, ApplyError> {
    match (apply, force) {
        (ApplyMethod::ServerSide, Force::Replace) => Err(ApplyError::ReplaceByServer),
        (ApplyMethod::ClientSide, Force::Conflicts) => Err(ApplyError::ForceByClient),
        (ApplyMethod::ServerSide, force) => Ok(Change::ServerSide {
            force: force == Force::Conflicts,
            adopt_fields,
        }),
        (ApplyMethod::ClientSide, Force::Replace) => Ok(Change::Replace),
        (ApplyMethod::ClientSide, Force::No) => Ok(Change::ClientSide {
            three_way_always: false,
        }),
    }
}
