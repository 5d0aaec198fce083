//! Laws of names in registries, and of the file of credentials.

use helmrs_core::registry::{
    Address, Configuration, Credential, Descriptor, Digest, Manifest, Node, Reference, answer,
    manifest, scope, tags,
};
use proptest::prelude::*;

const REPOSITORY: &str = "[a-z0-9]{1,8}((\\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}(/[a-z0-9]{1,8}){0,3}";

fn reference() -> impl Strategy<Value = Reference> {
    let named = prop_oneof![
        Just(String::new()),
        "[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}",
        any::<Vec<u8>>().prop_map(|content| Digest::of(&content).to_string()),
    ];
    let registry = "[a-z0-9]{1,9}(\\.[a-z]{1,5})?(:[1-9][0-9]{0,4})?";
    (registry, REPOSITORY, named).prop_map(|(registry, repository, reference)| Reference {
        registry,
        repository,
        reference,
    })
}

proptest! {
    #[test]
    fn a_reference_is_read_as_it_is_written(reference in reference()) {
        prop_assert_eq!(Reference::parse(&reference.to_string()), Ok(reference));
    }

    #[test]
    fn an_address_is_a_reference_once_it_has_a_tag(reference in reference(), version in "[0-9]{1,3}\\.[0-9]\\.[0-9](\\+[a-z]{1,4})?") {
        let text = format!("oci://{}:{version}", reference.with(""));
        let address = Address::parse(&text).unwrap();
        let parsed = Reference::parse(&address.to_string()).unwrap();
        prop_assert_eq!(parsed.reference, version.replace('+', "_"));
    }

    #[test]
    fn any_text_is_a_reference_or_an_error(text in any::<String>()) {
        let _ = Reference::parse(&text);
        let _ = Address::parse(&text).map(|address| address.to_string());
    }

    #[test]
    fn any_bytes_are_an_answer_or_an_error(text in any::<Vec<u8>>()) {
        let _ = Node::successors(manifest::IMAGE_MANIFEST, &text);
        let _ = answer::tags(&text);
        let _ = answer::problems(&text);
        let _ = Configuration::parse(&text);
    }

    #[test]
    fn what_a_manifest_names_is_found_in_it(contents in prop::collection::vec(any::<Vec<u8>>(), 0..5)) {
        let layers = contents.iter().map(|content| Descriptor::of("layer", content)).collect();
        let manifest = Manifest::new(Descriptor::of("config", b"{}"), layers, [].into());
        let found = Node::successors(manifest::IMAGE_MANIFEST, &manifest.to_json()).unwrap();
        prop_assert_eq!(found, manifest.blobs().cloned().collect::<Vec<_>>());
    }

    #[test]
    fn a_credential_is_found_until_it_is_removed(server in "[a-z.:0-9]{1,20}", name in "[^:]{1,20}", password in any::<String>()) {
        let credential = Credential::basic(&name, &password);
        let mut file = Configuration::default();
        file.insert("other", &Credential::basic("a", "b"));
        file.insert(&server, &credential);
        let mut again = Configuration::parse(&file.to_bytes()).unwrap();
        prop_assert_eq!(again.credential(&server).unwrap(), credential);
        prop_assert!(again.remove(&server));
        prop_assert!(!again.remove(&server));
    }

    #[test]
    fn cleaning_scopes_twice_is_cleaning_them_once(scopes in prop::collection::vec("[a-c]{1,2}:[a-c]{1,2}:[a-c,*]{0,5}", 0..5)) {
        let once = scope::clean(&scopes);
        prop_assert_eq!(scope::clean(&once), once);
    }

    #[test]
    fn versions_come_newest_first(tags in prop::collection::vec("[0-9]\\.[0-9]\\.[0-9](-[a-z])?(_[a-z])?", 0..20)) {
        let versions = tags::versions(&tags);
        prop_assert_eq!(versions.len(), tags.len());
        if let Some(newest) = versions.first() {
            prop_assert_eq!(tags::choose(&versions, ">=0.0.0-0").unwrap(), newest);
        }
    }
}
