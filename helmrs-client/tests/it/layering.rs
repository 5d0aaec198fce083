//! What the modules of the client may import: from the left alone.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in layers; a module imports only from layers before its own, or from its own module tree.
const LAYERS: &[&[&str]] = &[
    &["event", "cancellation", "error", "folder", "proxy"],
    &["tls"],
    &["cluster", "plugin"],
    &["registry"],
    &["storage", "download"],
    &["installer"],
    &["context"],
    &["action"],
];

#[test]
fn modules_import_only_from_the_left() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut offences = Vec::new();
    for file in files(&source) {
        let module = module_of(&source, &file);
        let Some(layer) = layer_of(&module) else {
            continue;
        };
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            for imported in line.split("crate::").skip(1).map(first_word) {
                if imported != module && layer_of(&imported).is_some_and(|other| other >= layer) {
                    offences.push(format!(
                        "{}:{}: {module} imports {imported}",
                        file.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// Core's two synchronous traits are where the network is waited for: `Lookup` on the runtime of the action, `Loader` on
/// one of its own, as it also serves commands that have none.
#[test]
fn only_lookup_and_schemas_wait_for_the_network() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let blocking: Vec<_> = files(&source)
        .into_iter()
        .filter(|file| fs::read_to_string(file).unwrap().contains(".block_on("))
        .map(|file| file.strip_prefix(&source).unwrap().to_path_buf())
        .collect();
    let allowed = ["cluster/lookup.rs", "download/schema.rs"].map(Path::new);
    assert_eq!(blocking, allowed);
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
        .collect()
}

fn module_of(source: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(source).unwrap();
    let first = relative
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_str()
        .unwrap();
    first.trim_end_matches(".rs").to_string()
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
