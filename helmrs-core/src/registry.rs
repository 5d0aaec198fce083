//! Charts in OCI registries: how they are named, described and chosen. Nothing here talks to one.
//!
//! | module | what it is |
//! |---|---|
//! | [`reference`](mod@reference) | names of repositories, tags and digests in a registry |
//! | [`digest`] | names of content by its hash |
//! | [`manifest`] | what a manifest says, and what it points to |
//! | [`plugin`] | what a plugin's manifest points to |
//! | [`annotations`] | what a chart's manifest says of the chart |
//! | [`answer`] | what a registry answers: tags, tokens, problems |
//! | [`tags`] | tags as versions, and which of them is wanted |
//! | [`challenge`] | what a registry wants before it answers |
//! | [`scope`] | what a token is asked for |
//! | [`credential`] | who asks |
//! | [`configuration`] | the file credentials are kept in |

pub mod annotations;
pub mod answer;
pub mod challenge;
pub mod configuration;
pub mod credential;
pub mod digest;
pub mod manifest;
pub mod plugin;
pub mod reference;
pub mod scope;
pub mod tags;

pub use challenge::Challenge;
pub use configuration::{Configuration, ConfigurationError};
pub use credential::Credential;
pub use digest::{Digest, DigestError, Hasher};
pub use manifest::{Descriptor, Manifest, Node};
pub use reference::{Address, Reference, ReferenceError};
