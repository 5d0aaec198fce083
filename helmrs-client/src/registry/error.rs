//! Why a registry did not do what it was asked.

use helmrs_core::chart::LoadError;
use helmrs_core::path_error::PathError;
use helmrs_core::registry::answer::AnswerError;
use helmrs_core::registry::manifest::ManifestError;
use helmrs_core::registry::plugin::PluginManifestError;
use helmrs_core::registry::tags::TagError;
use helmrs_core::registry::{ConfigurationError, Descriptor, DigestError, ReferenceError};

/// Why a registry did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RegistryError {
    /// Certificates cannot be used.
    #[error("can't create TLS config for client: {problem}")]
    Tls { problem: String },
    /// What is asked for is no URL.
    #[error("invalid chart URL format: {0}")]
    Url(String),
    /// What is asked for is no reference.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// No answer came; the method as Go's HTTP client names it.
    #[error("{operation} \"{url}\": {problem}")]
    Transport {
        operation: String,
        url: String,
        problem: String,
    },
    /// The answer is a refusal.
    #[error("{method} \"{url}\": response status code {code}: {message}")]
    Status {
        method: String,
        url: String,
        code: u16,
        message: String,
    },
    /// The answer is not what it should be.
    #[error("{method} \"{url}\": {problem}")]
    Answer {
        method: String,
        url: String,
        problem: String,
    },
    /// What goes wrong before a request can be answered.
    #[error("{method} \"{url}\"")]
    Request {
        method: String,
        url: String,
        source: Box<RegistryError>,
    },
    /// There is no such thing.
    #[error("{0}: not found")]
    NotFound(String),
    /// The registry does not know its own address.
    #[error("not found")]
    NoRegistry,
    /// A manifest's digest is nowhere to be had.
    #[error("HTTP HEAD request missing required header \"Docker-Content-Digest\"")]
    NoDigest,
    /// A step of copying content failed.
    #[error("failed to perform \"{step}\" on {side}")]
    Copy {
        step: &'static str,
        side: &'static str,
        source: Box<RegistryError>,
    },
    /// Nobody is known who may ask.
    #[error("basic credential not found")]
    NoCredential,
    /// A name or a password is missing.
    #[error("missing username or password for {scheme} auth")]
    IncompleteCredential { scheme: &'static str },
    /// The credentials cannot be read.
    #[error("failed to resolve credential")]
    Credential { source: Box<CredentialError> },
    /// Credentials cannot be read or written.
    #[error(transparent)]
    Store(#[from] CredentialError),
    /// Tokens are had where no token should be asked for.
    #[error("{0}")]
    Realm(String),
    /// An answer cannot be read.
    #[error("failed to decode response")]
    Decode(#[from] AnswerError),
    /// A manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// No tag is chosen.
    #[error(transparent)]
    Tag(#[from] TagError),
    /// A digest is none.
    #[error("read failed: failed to validate {digest}: {problem}")]
    Digest {
        digest: String,
        problem: DigestError,
    },
    /// Content has fewer than no bytes.
    #[error("invalid descriptor size")]
    Size,
    /// Content is larger than anything that is wanted.
    #[error("read failed: content size {size} exceeds push size limit {most}: size exceeds limit")]
    TooBig { size: u64, most: u64 },
    /// Content ends too early.
    #[error("read failed: expected content size of {}, got {got}, for digest {}: unexpected EOF", .of.size, .of.digest)]
    Short { of: Descriptor, got: usize },
    /// Content does not arrive.
    #[error("read failed: {problem}")]
    Read { problem: String },
    /// Content does not end where it should.
    #[error("trailing data")]
    Long,
    /// Content is not what its digest names.
    #[error("mismatched digest")]
    Mismatch,
    /// More is pointed to than a chart is made of.
    #[error("the manifest points to more than {most} contents")]
    TooMany { most: usize },
    /// The list of tags has no end.
    #[error("tag listing exceeded {most} pages: too many pages")]
    TooManyPages { most: usize },
    /// The next page of a list is nowhere.
    #[error("invalid next link \"{link}\": {problem}")]
    Link { link: String, problem: String },
    /// A repository is empty.
    #[error("unable to locate any tags in provided repository: {0}")]
    NoTags(String),
    /// Two versions are asked for.
    #[error("chart reference and version mismatch: {wanted} is not {tag}")]
    VersionMismatch { wanted: String, tag: String },
    /// A tag and a digest name different charts.
    #[error("chart reference digest mismatch: {found} is not {wanted}")]
    DigestMismatch { found: String, wanted: String },
    /// A manifest points to too little.
    #[error(
        "manifest does not contain minimum number of descriptors ({least}), descriptors found: {found}"
    )]
    TooFew { least: usize, found: usize },
    /// A manifest is not a chart's.
    #[error("could not load config with mediatype {media_type}")]
    NoConfiguration { media_type: &'static str },
    /// A manifest lacks what is asked for.
    #[error("manifest does not contain a layer with mediatype {media_type}")]
    NoLayer { media_type: &'static str },
    /// A manifest is of a kind that charts do not have.
    #[error("unable to retrieve blob with digest {}: {}: {}: not found", .0.digest, .0.digest, .0.media_type)]
    NoManifest(Descriptor),
    /// A plugin's manifest is of a kind that plugins do not have.
    #[error("unable to retrieve manifest: {}: {}: not found", .0.digest, .0.media_type)]
    NoPluginManifest(Descriptor),
    /// A manifest is not a plugin's.
    #[error(transparent)]
    PluginManifest(#[from] PluginManifestError),
    /// Something of a plugin is of a kind that plugins do not have.
    #[error("unable to retrieve {what} data with digest {}: {}: {}: not found", .of.digest, .of.digest, .of.media_type)]
    NoPluginLayer { what: &'static str, of: Descriptor },
    /// What a chart says of itself cannot be read.
    #[error("{0}")]
    Configuration(String),
    /// An upload is to go somewhere else.
    #[error("blob upload Location \"{location}\" {problem}")]
    Location { location: String, problem: String },
    /// An upload is to go nowhere.
    #[error("http: no Location header in response")]
    NoLocation,
    /// An archive holds no chart.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The address does not end like the chart.
    #[error("strict mode enabled, ref basename and tag must match the chart name and version")]
    Strict,
    /// The registry could not be told who asks.
    #[error("authenticating to \"{host}\"")]
    Login {
        host: String,
        source: Box<RegistryError>,
    },
    /// What was known of a registry is still known.
    #[error("failed to delete the credential for {server}")]
    Logout {
        server: String,
        source: CredentialError,
    },
}

impl RegistryError {
    /// The same error of a step of copying from a registry or to it.
    pub(super) fn of_step(self, step: &'static str, side: &'static str) -> Self {
        let source = Box::new(self);
        Self::Copy { step, side, source }
    }

    /// Whether there is no such thing, which may be no error.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound(_))
    }
}

/// Why credentials cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum CredentialError {
    /// The file cannot be opened.
    #[error("failed to open config file at {path}")]
    Open { path: String, source: PathError },
    /// The file is malformed.
    #[error("failed to decode config file {path}")]
    Decode {
        path: String,
        source: ConfigurationError,
    },
    /// The file cannot be read to its end.
    #[error("failed to decode config file {path}: invalid config format")]
    Unreadable { path: String, source: PathError },
    /// A field of the file is malformed.
    #[error(transparent)]
    Field(#[from] ConfigurationError),
    /// A folder for the file cannot be made.
    #[error("failed to make directory {path}")]
    Folder { path: String, source: PathError },
    /// The file cannot be written.
    #[error("failed to save config file")]
    Save { source: PathError },
    /// A name cannot be kept.
    #[error("bad credential format: colons(:) are not allowed in username")]
    Colon,
    /// The program that keeps credentials is not there.
    #[error("exec: \"{program}\": executable file not found in $PATH")]
    NoProgram { program: String },
    /// The program that keeps credentials says no, in its own words.
    #[error("{0}")]
    Program(String),
    /// The program that keeps credentials says something else than it should.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}
