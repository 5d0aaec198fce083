//! Laws that hold for any input.

mod provenance;
mod registry;
mod release;
mod selector;
pub(crate) mod tree;
mod values;

use helmrs_core::chart::{self, Chart, File, Metadata, archive, package};
use helmrs_core::plugin::archive::{ArchiveError, Content, Entry, unpack};
use helmrs_core::plugin::package::{Item, Kind, Owner, Packager};
use helmrs_core::repository::IndexFile;
use helmrs_core::time::Time;
use helmrs_core::version::{Constraint, Version};
use proptest::prelude::*;

fn files() -> impl Strategy<Value = Vec<File>> {
    let file = (
        "(templates|files|crds)/[a-zé]{1,90}(/[a-z]{1,60})?",
        prop::collection::vec(any::<u8>(), 0..64),
    );
    let file = file.prop_map(|(name, data)| File {
        name,
        data: data.into(),
        modified: Time::from_unix(1_700_000_000, 0),
    });
    prop::collection::btree_map("[a-z]", file, 0..6).prop_map(|files| {
        let mut files: Vec<File> = files.into_values().collect();
        files.sort_by(|left, right| left.name.cmp(&right.name));
        files.dedup_by(|left, right| left.name == right.name);
        files
    })
}

proptest! {
    #[test]
    fn any_bytes_are_an_archive_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        let _ = archive::files(&bytes);
        let gzip = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff".as_slice(), &bytes].concat();
        let _ = archive::files(&gzip);
    }

    #[test]
    fn a_plugin_that_is_packed_is_unpacked(items in prop::collection::btree_map("[a-zé.]{1,9}(/[a-zé]{1,90}){0,3}", prop::collection::vec(any::<u8>(), 0..64), 0..6), mode in 0_u32..0o1000) {
        let mut packager = Packager::default();
        let named = |path: &str| format!("echo/{path}");
        let items: Vec<_> = items.into_iter().filter(|(path, _)| !path.split('/').any(|part| part.chars().all(|letter| letter == '.'))).collect();
        for (path, data) in &items {
            let kind = Kind::File(data.clone());
            let (user, group) = (Owner::default(), Owner::default());
            packager.add(&Item { path: named(path), kind, mode, modified: 1, user, group }).unwrap();
        }
        let mut found = Vec::new();
        unpack(&packager.finish().unwrap(), |entry| {
            found.push(entry);
            Ok::<_, ArchiveError>(())
        }).unwrap();
        let wanted: Vec<_> = items.into_iter().map(|(path, data)| Entry { path: named(&path), content: Content::File { mode, data } }).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn what_a_plugin_s_archive_holds_lies_in_its_folder(name in "[a./:\\\\é]{0,12}") {
        let mut packager = Packager::default();
        let (user, group) = (Owner::default(), Owner::default());
        let item = Item { path: name.clone(), kind: Kind::File(Vec::new()), mode: 0o644, modified: 1, user, group };
        if packager.add(&item).is_ok() {
            let _ = unpack(&packager.finish().unwrap(), |entry| {
                let leaves = entry.path.starts_with('/') || entry.path.split('/').any(|part| part == "..");
                assert!(!leaves, "{name}");
                Ok::<_, ArchiveError>(())
            });
        }
    }

    #[test]
    fn what_is_packaged_is_what_is_loaded(files in files(), name in "[a-z][a-z0-9-]{0,20}") {
        let metadata = Metadata {
            name,
            version: "1.2.3".to_string(),
            api_version: "v2".to_string(),
            ..Metadata::default()
        };
        let is_template = |file: &File| file.name.starts_with("templates/");
        let (templates, files): (Vec<_>, Vec<_>) = files.into_iter().partition(is_template);
        let without_mark = |file: &File| !file.data.starts_with(b"\xef\xbb\xbf");
        prop_assume!(templates.iter().chain(&files).all(without_mark));
        let chart = Chart { metadata, templates, files, ..Chart::default() };
        let bytes = package::archive(&chart, Time::from_unix(1, 0)).unwrap();
        let loaded = chart::load_archive(&bytes, &mut Vec::new()).unwrap();
        prop_assert_eq!(&loaded.metadata, &chart.metadata);
        prop_assert_eq!(&loaded.templates, &chart.templates);
        prop_assert_eq!(&loaded.files, &chart.files);
        let again = package::archive(&loaded, Time::from_unix(1, 0)).unwrap();
        prop_assert_eq!(again, bytes);
    }

    #[test]
    fn any_text_is_an_index_or_an_error(text in "\\PC{0,200}") {
        let _ = IndexFile::read(text.as_bytes(), "any");
    }

    #[test]
    fn a_version_fits_what_names_it(major in 0..50u64, minor in 0..50u64, patch in 0..50u64) {
        let text = format!("{major}.{minor}.{patch}");
        let version = Version::parse(&text).unwrap();
        let fits = |operator: &str| {
            let constraint = Constraint::parse(&format!("{operator}{text}")).unwrap();
            constraint.check(&version)
        };
        for operator in ["", "=", ">=", "<=", "~", "^"] {
            prop_assert!(fits(operator));
        }
        prop_assert!(!fits("!="));
    }

    #[test]
    fn any_text_is_a_constraint_or_an_error(text in "[0-9xX*.<>=!~^|, v+a-]{0,24}", version in "[0-9]{1,3}(\\.[0-9]{1,3}){0,2}(-[a-z0-9.]{1,6})?") {
        if let (Ok(constraint), Ok(version)) = (Constraint::parse(&text), Version::parse(&version)) {
            prop_assert_eq!(constraint.check(&version), constraint.validate(&version).is_ok());
        }
    }
}
