//! Laws that hold for any input.

mod provenance;
mod registry;
mod release;
pub(crate) mod tree;
mod values;

use helmrs_core::chart::{self, Chart, File, Metadata, archive, package};
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
