//! Rendered files as one stream of documents for a post-renderer, and what it makes of them as files again.
//!
//! Each document says in an annotation which file it comes from. Documents keep their comments and the way their texts are
//! written; blank lines and indentation become regular.
// Parity: Helm, pkg/action/action.go, annotateAndMerge and splitAndDeannotate, on sigs.k8s.io/kustomize/kyaml.

use std::collections::BTreeMap;

use crate::engine::{self, Texts};
use crate::manifest::split;
use crate::yaml::ParseError;
use crate::yaml::commented::{self, Document, Kind, Node, Style};

/// The annotation that says which file a document comes from.
pub const FILE_ANNOTATION: &str = "postrenderer.helm.sh/postrender-filename";

/// Annotations of kyaml's own, which it takes off what it writes.
const READER_ANNOTATIONS: [&str; 3] = [
    "config.kubernetes.io/index",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
];

/// Why documents cannot be merged, or what comes back cannot be split.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum PostRenderError {
    /// A file is not YAML.
    #[error("parsing {path}")]
    File {
        path: String,
        #[source]
        source: StreamError,
    },
    /// A document cannot say where it comes from.
    #[error("annotating {path}")]
    Annotate {
        path: String,
        #[source]
        source: KindError,
    },
    /// What came back is not YAML.
    #[error("error parsing YAML")]
    Output(#[source] StreamError),
    /// A document that came back is no object.
    #[error("getting metadata: missing Resource metadata")]
    NoMetadata,
    /// A document that came back cannot be told where it comes from.
    #[error("clearing filename annotation")]
    Clear(#[source] KindError),
    /// A document cannot be written.
    #[error("re-writing {path}")]
    Write {
        path: String,
        #[source]
        source: KindError,
    },
    /// Documents cannot be written.
    #[error("writing merged docs")]
    WriteMerged(#[source] KindError),
}

/// Why a text is no stream of documents.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// A document is malformed.
    #[error("MalformedYAMLError")]
    Malformed(#[source] ParseError),
    /// A document is no mapping.
    #[error(transparent)]
    Kind(#[from] KindError),
    /// A line begins like the end of a document and is none.
    #[error("invalid document separator: {0}")]
    Separator(String),
}

/// Something is not a mapping where there must be one.
#[derive(Debug, thiserror::Error)]
#[error("wrong node kind: expected MappingNode but got {found}: node contents:\n{text}")]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct KindError {
    pub found: &'static str,
    pub text: String,
}

/// Joins files into one stream in the order of their names.
///
/// # Errors
///
/// If a file is not YAML or a document of it no mapping.
pub fn merge(files: &Texts) -> Result<String, PostRenderError> {
    let mut merged = Vec::new();
    for (path, text) in files {
        if engine::is_partial(path) {
            continue;
        }
        for document in split::documents_in_bytes(text) {
            let documents = documents(document).map_err(|source| PostRenderError::File {
                path: path.clone(),
                source,
            })?;
            for mut document in documents {
                annotate(&mut document.root, path).map_err(|source| PostRenderError::Annotate {
                    path: path.clone(),
                    source,
                })?;
                merged.push(document);
            }
        }
    }
    write(merged).map_err(PostRenderError::WriteMerged)
}

/// Puts documents back into their files; those that say nothing of a file get one of their own.
///
/// # Errors
///
/// If the text is not YAML or a document of it no object.
pub fn unmerge(text: &[u8]) -> Result<Texts, PostRenderError> {
    let mut files: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    let documents = documents(text).map_err(PostRenderError::Output)?;
    for (number, mut document) in documents.into_iter().enumerate() {
        let path = path_of(&document.root)?
            .unwrap_or_else(|| format!("generated-by-postrender-{number}.yaml"));
        clear(&mut document.root, FILE_ANNOTATION).map_err(PostRenderError::Clear)?;
        files.entry(path).or_default().push(document);
    }
    let mut texts = Texts::new();
    for (path, documents) in files {
        let text = write(documents).map_err(|source| PostRenderError::Write {
            path: path.clone(),
            source,
        })?;
        texts.insert(path, text.into_bytes());
    }
    Ok(texts)
}

/// The documents of a text that hold something; a lone list gives its items.
// Parity: kyaml, kio/byteio_reader.go, ByteReader.Read.
fn documents(text: &[u8]) -> Result<Vec<Document>, StreamError> {
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n");
    let pieces = pieces(&text)?;
    let is_alone = pieces.len() == 1;
    let mut documents = Vec::new();
    for piece in pieces {
        let read = commented::read(piece.as_bytes()).map_err(StreamError::Malformed)?;
        let Some(mut document) = read.filter(|document| !document.root.is_null()) else {
            continue;
        };
        let is_list = is_alone
            && matches!(
                document.root.get("kind").map(Node::value),
                Some("List" | "ResourceList")
            );
        if !is_list
            || (document.root.get("items"))
                .or(document.root.get("functionConfig"))
                .is_none()
        {
            // Parity: the reader puts annotations of its own into each document.
            clear(&mut document.root, READER_ANNOTATIONS[0])?;
            documents.push(document);
            continue;
        }
        if let Some(Kind::Sequence(items)) = document.root.get("items").map(|items| &items.kind) {
            documents.extend(items.iter().cloned().map(Document::of));
        }
    }
    Ok(documents)
}

/// A text cut at lines that begin with three dashes, which must be all there is in them but comments.
// Parity: kyaml, kio/byteio_reader.go, splitDocuments: a line at the very beginning is none of them.
fn pieces(text: &str) -> Result<Vec<String>, StreamError> {
    let mut pieces = Vec::new();
    if text.is_empty() {
        return Ok(pieces);
    }
    let mut start = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find("\n---") {
        let at = from + found;
        let Some(length) = text[at + 1..].find('\n') else {
            break;
        };
        let end = at + 1 + length + 1;
        let rest = text[at + 4..end].trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            return Err(StreamError::Separator(text[at..end].trim().to_owned()));
        }
        pieces.push(format!("{}\n", &text[start..at]));
        start = end;
        from = end;
    }
    pieces.push(text[start..].to_owned());
    Ok(pieces)
}

/// The file a document says it comes from.
// Parity: kyaml, yaml/rnode.go, GetMeta.
fn path_of(root: &Node) -> Result<Option<String>, PostRenderError> {
    let filled = |node: Option<&Node>| node.is_some_and(|node| !node.is_empty());
    let metadata = root.get("metadata").filter(|metadata| !metadata.is_empty());
    let is_object = filled(root.get("apiVersion"))
        || filled(root.get("kind"))
        || metadata.is_some_and(|metadata| {
            let mut fields = ["name", "namespace", "labels", "annotations"].into_iter();
            fields.any(|field| filled(metadata.get(field)))
        });
    if !is_object {
        return Err(PostRenderError::NoMetadata);
    }
    let annotation = metadata
        .and_then(|metadata| metadata.get("annotations"))
        .and_then(|annotations| annotations.get(FILE_ANNOTATION));
    let path = annotation.map(|path| path.value().to_owned());
    Ok(path.filter(|path| !path.is_empty()))
}

/// Says in a document which file it comes from.
// Parity: kyaml, yaml/kfns.go, AnnotationSetter.
fn annotate(root: &mut Node, path: &str) -> Result<(), KindError> {
    clear_empty(root)?;
    let metadata = child(root, "metadata")?;
    let annotations = child(metadata, "annotations")?;
    mapping(annotations)?;
    if let Some(known) = annotations.get_mut(FILE_ANNOTATION) {
        let style = known.style;
        *known = Node::text(path, style);
    } else if let Some(entries) = annotations.entries_mut() {
        let key = Node::text(FILE_ANNOTATION, Style::Plain);
        entries.push((key, Node::text(path, Style::SingleQuoted)));
    }
    Ok(())
}

/// What a key of a mapping holds, a new mapping if nothing.
fn child<'n>(node: &'n mut Node, key: &str) -> Result<&'n mut Node, KindError> {
    mapping(node)?;
    if node.get(key).is_none_or(Node::is_null)
        && let Some(entries) = node.entries_mut()
    {
        match entries
            .iter_mut()
            .rev()
            .find(|(name, _)| name.value() == key)
        {
            Some((_, value)) => *value = Node::mapping(),
            None => entries.push((Node::text(key, Style::Plain), Node::mapping())),
        }
    }
    let found = node.get(key).map(kind_error);
    match node.get_mut(key) {
        Some(child) => Ok(child),
        None => Err(found.unwrap_or_else(|| kind_error(&Node::mapping()))),
    }
}

/// Takes an annotation off a document.
// Parity: kyaml, yaml/kfns.go, AnnotationClearer.
fn clear(root: &mut Node, key: &str) -> Result<(), KindError> {
    mapping(root)?;
    let Some(metadata) = root.get_mut("metadata").filter(|node| !node.is_null()) else {
        return Ok(());
    };
    mapping(metadata)?;
    let Some(annotations) = metadata
        .get_mut("annotations")
        .filter(|node| !node.is_null())
    else {
        return Ok(());
    };
    mapping(annotations)?;
    remove(annotations, |name, _| name == key);
    Ok(())
}

/// Takes empty annotations off a document, and metadata that has nothing else.
// Parity: kyaml, yaml/kfns.go, ClearEmptyAnnotations: what is no collection has nothing in it.
fn clear_empty(root: &mut Node) -> Result<(), KindError> {
    let is_hollow = |node: &Node| match &node.kind {
        Kind::Scalar(_) | Kind::Alias(_) => true,
        _ => node.is_empty(),
    };
    mapping(root)?;
    if let Some(metadata) = root.get_mut("metadata").filter(|node| !node.is_null()) {
        mapping(metadata)?;
        remove(metadata, |name, value| {
            name == "annotations" && is_hollow(value)
        });
    }
    remove(root, |name, value| name == "metadata" && is_hollow(value));
    Ok(())
}

/// Removes the first entry that is unwanted.
fn remove(node: &mut Node, unwanted: impl Fn(&str, &Node) -> bool) {
    if let Some(entries) = node.entries_mut()
        && let Some(at) = entries
            .iter()
            .position(|(name, value)| unwanted(name.value(), value))
    {
        entries.remove(at);
    }
}

fn mapping(node: &Node) -> Result<(), KindError> {
    match node.entries() {
        Some(_) => Ok(()),
        None => Err(kind_error(node)),
    }
}

fn kind_error(node: &Node) -> KindError {
    let found = match node.kind {
        Kind::Scalar(_) => "ScalarNode",
        Kind::Sequence(_) => "SequenceNode",
        Kind::Mapping(_) => "MappingNode",
        Kind::Alias(_) => "AliasNode",
    };
    KindError {
        found,
        text: commented::write(&[Document::of(node.clone())]),
    }
}

/// Writes documents, without what only readers put there.
// Parity: kyaml, kio/byteio_writer.go, ByteWriter.Write.
fn write(mut documents: Vec<Document>) -> Result<String, KindError> {
    for document in &mut documents {
        for annotation in READER_ANNOTATIONS {
            clear(&mut document.root, annotation)?;
        }
        clear_empty(&mut document.root)?;
    }
    Ok(commented::write(&documents))
}
