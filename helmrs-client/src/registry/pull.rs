//! Charts pulled from a registry.
// Parity: Helm, pkg/registry/{client,generic}.go, Pull and PullGeneric; oras.land/oras-go/v2, copy.go.

use std::collections::{BTreeMap, BTreeSet};

use helmrs_core::chart::Metadata;
use helmrs_core::registry::manifest::{
    CHART_CONFIGURATION, CHART_CONTENT, CHART_CONTENT_OLD, CHART_PROVENANCE, IMAGE_INDEX,
    IMAGE_MANIFEST,
};
use helmrs_core::registry::{Address, Descriptor, Node, Reference};
use helmrs_core::yaml::{self, json};

use super::Registry;
use super::error::RegistryError;
use super::repository::Repository;
use crate::event::{Event, Watch};

/// The most that is read of all that a manifest points to.
const MOST: u64 = 256 << 20;

/// The most contents that a manifest may point to, directly or not.
const CONTENTS: usize = 1000;

/// What is wanted of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its archive.
    Archive,
    /// Its provenance.
    Provenance,
}

impl Part {
    fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Archive => &[
                IMAGE_INDEX,
                IMAGE_MANIFEST,
                CHART_CONFIGURATION,
                CHART_CONTENT,
                CHART_CONTENT_OLD,
            ],
            Self::Provenance => &[
                IMAGE_INDEX,
                IMAGE_MANIFEST,
                CHART_CONFIGURATION,
                CHART_PROVENANCE,
            ],
        }
    }
}

impl Registry {
    /// Fetches a part of the chart at an address.
    pub async fn pull(
        &self,
        address: &str,
        part: Part,
        watch: &dyn Watch,
    ) -> Result<Vec<u8>, RegistryError> {
        let address = Address::parse(address)?.to_string();
        let reference = Reference::parse(&address)?;
        let repository = Repository::new(self, reference.clone(), &["pull"], watch);
        let (root, text) = repository.root(&reference).await?;
        let digest = root.digest.clone();
        let mut walk = Walk::new(&repository, part.media_types());
        walk.from(root.clone(), text).await?;
        let content = walk.choose(&root, part)?;
        watch.event(Event::Pulled {
            reference: address,
            digest,
        });
        Ok(content)
    }
}

/// A step of a walk.
enum Step {
    /// Something is pointed to.
    Enter(Descriptor),
    /// Everything it points to has been seen; what it is itself, if that had to be fetched.
    Leave(Descriptor, Option<Vec<u8>>),
}

/// A walk along all that a manifest points to, which is fetched if it is of a wanted kind.
pub(super) struct Walk<'r> {
    repository: &'r Repository<'r>,
    wanted: &'static [&'static str],
    room: u64,
    seen: BTreeSet<Descriptor>,
    /// What is of a wanted kind, in the order it was found.
    found: Vec<Descriptor>,
    pub(super) contents: BTreeMap<Descriptor, Vec<u8>>,
}

impl<'r> Walk<'r> {
    pub(super) fn new(repository: &'r Repository<'r>, wanted: &'static [&'static str]) -> Self {
        Self {
            repository,
            wanted,
            room: MOST,
            seen: BTreeSet::new(),
            found: Vec::new(),
            contents: BTreeMap::new(),
        }
    }

    /// Sees everything once, what is pointed to before what points to it.
    pub(super) async fn from(
        &mut self,
        root: Descriptor,
        text: Vec<u8>,
    ) -> Result<(), RegistryError> {
        let mut root_text = Some(text);
        let mut steps = vec![Step::Enter(root)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(of) => {
                    if !self.seen.insert(of.clone()) {
                        continue;
                    }
                    if self.seen.len() > CONTENTS {
                        return Err(RegistryError::TooMany { most: CONTENTS });
                    }
                    if !of.is_manifest() {
                        steps.push(Step::Leave(of, None));
                        continue;
                    }
                    let text = match root_text.take() {
                        Some(text) => text,
                        None => self.manifest(&of).await?,
                    };
                    let next = Node::successors(&of.media_type, &text).map_err(|error| {
                        let step = if self.seen.len() == 1 {
                            "Successors"
                        } else {
                            "FindSuccessors"
                        };
                        RegistryError::Manifest(error).of_step(step, "source")
                    })?;
                    steps.push(Step::Leave(of, Some(text)));
                    steps.extend(next.into_iter().rev().map(Step::Enter));
                }
                Step::Leave(of, text) => self.keep(of, text).await?,
            }
        }
        Ok(())
    }

    async fn manifest(&mut self, of: &Descriptor) -> Result<Vec<u8>, RegistryError> {
        let text = self.repository.manifest(of).await;
        let text = text.map_err(|error| error.of_step("FindSuccessors", "source"))?;
        self.room = self.room.saturating_sub(text.len() as u64);
        Ok(text)
    }

    /// Keeps what is of a wanted kind.
    async fn keep(&mut self, of: Descriptor, text: Option<Vec<u8>>) -> Result<(), RegistryError> {
        if !self.wanted.contains(&of.media_type.as_str()) {
            return Ok(());
        }
        let content = if let Some(text) = text {
            text
        } else {
            let content = self.repository.blob(&of, self.room).await?;
            self.room -= content.len() as u64;
            content
        };
        self.found.push(of.clone());
        self.contents.insert(of, content);
        Ok(())
    }

    /// What is wanted of the chart that was found.
    fn choose(mut self, root: &Descriptor, part: Part) -> Result<Vec<u8>, RegistryError> {
        // A configuration, and what is wanted.
        let (least, found) = (2, self.found.len());
        if found < least {
            return Err(RegistryError::TooFew { least, found });
        }
        let first = |media_type: &[&str]| {
            let mut found = self.found.iter();
            found
                .find(|of| media_type.contains(&of.media_type.as_str()))
                .cloned()
        };
        let media_type = match part {
            Part::Archive => CHART_CONTENT,
            Part::Provenance => CHART_PROVENANCE,
        };
        let configuration =
            first(&[CHART_CONFIGURATION]).ok_or(RegistryError::NoConfiguration {
                media_type: CHART_CONFIGURATION,
            })?;
        let wanted = match part {
            Part::Archive => first(&[CHART_CONTENT, CHART_CONTENT_OLD]),
            Part::Provenance => first(&[CHART_PROVENANCE]),
        };
        let old = first(&[CHART_CONTENT_OLD]);
        if old.is_some() {
            self.repository.watch.event(Event::OldMediaType {
                media_type: CHART_CONTENT_OLD,
            });
        }
        let wanted = wanted.ok_or(RegistryError::NoLayer { media_type })?;
        if !self.contents.contains_key(root) {
            // Parity: a manifest of another kind leads to a chart, but is not kept itself.
            return Err(RegistryError::NoManifest(root.clone()));
        }
        check_configuration(&self.contents[&configuration])?;
        Ok(self.contents.remove(&wanted).unwrap_or_default())
    }
}

/// Refuses a chart whose words about itself cannot be read.
fn check_configuration(text: &[u8]) -> Result<(), RegistryError> {
    let failed = |error: &dyn std::fmt::Display| RegistryError::Configuration(error.to_string());
    let value = json::parse(text).map_err(|error| failed(&error))?;
    let metadata: Result<Option<Metadata>, _> = yaml::from_value(value);
    metadata.map(drop).map_err(|error| failed(&error))
}
