//! Downloading a chart into a folder.
// Parity: Helm, pkg/action/pull.go.

use std::path::Path;

use crate::Context;
use crate::download::ChartReference;
use crate::download::locate::{self, LocateError, Located};

/// Downloads a chart into a folder under its own name.
pub async fn pull(
    context: &Context,
    reference: &ChartReference,
    folder: &Path,
) -> Result<Located, LocateError> {
    locate::download(context.directories(), context.watch(), reference, folder).await
}
