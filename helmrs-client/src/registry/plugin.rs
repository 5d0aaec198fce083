//! Plugins pulled from a registry.
// Parity: Helm, pkg/registry/plugin.go, PullPlugin.

use helmrs_core::registry::plugin::{PLUGIN_CONTENTS, PluginLayers};
use helmrs_core::registry::{Address, Descriptor, Reference};

use super::Registry;
use super::error::RegistryError;
use super::pull::Walk;
use super::repository::Repository;
use crate::event::Watch;

/// A plugin as a registry has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginContent {
    /// Its archive.
    pub archive: Vec<u8>,
    /// Its provenance.
    pub provenance: Option<Vec<u8>>,
}

impl Registry {
    /// Fetches the plugin of this name at an address.
    pub async fn pull_plugin(
        &self,
        address: &str,
        name: &str,
        watch: &dyn Watch,
    ) -> Result<PluginContent, RegistryError> {
        let address = Address::parse(address)?.to_string();
        let reference = Reference::parse(&address)?;
        let repository = Repository::new(self, reference.clone(), &["pull"], watch);
        let (root, text) = repository.root(&reference).await?;
        let mut walk = Walk::new(&repository, &PLUGIN_CONTENTS);
        walk.from(root.clone(), text).await?;
        let mut contents = walk.contents;
        let Some(manifest) = contents.get(&root) else {
            return Err(RegistryError::NoPluginManifest(root));
        };
        let layers = PluginLayers::find(manifest, name)?;
        let mut take = |what, of: Descriptor| match contents.remove(&of) {
            Some(content) => Ok(content),
            None => Err(RegistryError::NoPluginLayer { what, of }),
        };
        let provenance = layers.provenance.map(|of| take("provenance", of));
        Ok(PluginContent {
            archive: take("plugin", layers.archive)?,
            provenance: provenance.transpose()?,
        })
    }
}
