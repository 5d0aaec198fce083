//! The plugins that are installed.

use helmrs_client::installer::Standing;
use helmrs_core::plugin::Metadata;

use super::table::Table;

/// One plugin.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) metadata: &'a Metadata,
    /// What is known of its provenance.
    pub(crate) standing: Standing,
}

/// The plugins as a table.
// Parity: Helm, pkg/cmd/plugin_list.go.
pub(crate) fn render(rows: &[Row<'_>]) -> Vec<u8> {
    let mut table = Table::new(0);
    table.row([
        "NAME",
        "VERSION",
        "TYPE",
        "APIVERSION",
        "PROVENANCE",
        "SOURCE",
    ]);
    for Row { metadata, standing } in rows {
        let source = match metadata.source_url.as_str() {
            "" => "unknown",
            source => source,
        };
        table.row([
            metadata.name.as_str(),
            &metadata.version,
            &metadata.kind,
            &metadata.api_version,
            standing.word(),
            source,
        ]);
    }
    table.render()
}
