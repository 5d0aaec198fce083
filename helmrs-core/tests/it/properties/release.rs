//! Laws of manifests, patches and records.

use std::collections::BTreeMap;

use helmrs_core::manifest::order::{INSTALL_ORDER, UNINSTALL_ORDER, sort_by_kind};
use helmrs_core::manifest::{patch::merge, split};
use helmrs_core::release::{Hook, HookEvent, Release, Status, record};
use helmrs_core::time::Time;
use proptest::collection::vec;
use proptest::prelude::*;

use super::tree::{map, value};

fn time() -> impl Strategy<Value = Time> {
    (0_i64..4_000_000_000, 0..1_000_000_000, -12..=12_i32).prop_map(
        |(seconds, nanoseconds, hours)| {
            Time::from_unix(seconds, nanoseconds).with_offset(hours * 3600)
        },
    )
}

fn hook() -> impl Strategy<Value = Hook> {
    (
        "[a-z]{1,5}",
        any::<i64>(),
        vec("(test|pre-install|crd-install)", 0..3),
    )
        .prop_map(|(name, weight, events)| {
            let events = events
                .iter()
                .map(|event| HookEvent::from(event.as_str()))
                .collect();
            Hook {
                name,
                weight,
                events,
                ..Hook::default()
            }
        })
}

fn release() -> impl Strategy<Value = Release> {
    (
        "[a-z]{1,8}",
        map(),
        "(?s).{0,40}",
        vec(hook(), 0..3),
        1..999_i64,
        time(),
    )
        .prop_map(|(name, config, manifest, hooks, revision, time)| {
            let mut release = Release {
                name,
                config: Some(config).filter(|config| !config.is_empty()),
                manifest,
                hooks,
                revision,
                ..Release::default()
            };
            release.set_status(Status::Deployed, "Install complete");
            release.info.first_deployed = time;
            release
        })
}

proptest! {
    #[test]
    fn a_record_reads_as_what_was_written(release in release()) {
        let record = record::encode(&release).unwrap();
        prop_assert_eq!(record::decode(record.as_bytes()).unwrap(), release);
    }

    #[test]
    fn reading_a_record_never_panics(bytes in vec(any::<u8>(), 0..64)) {
        let _ = record::decode(&bytes);
    }

    #[test]
    fn a_merge_patch_makes_the_one_of_the_other(before in map(), after in map()) {
        let mut patched = before.clone();
        merge::apply(&mut patched, &merge::two_way(&before, &after));
        prop_assert_eq!(patched, after);
    }

    #[test]
    fn a_three_way_patch_keeps_what_only_the_server_has(before in map(), after in map(), other in value()) {
        let mut live = before.clone();
        live.insert("server".to_owned(), other.clone());
        let patch = merge::three_way(&before, &after, &live);
        merge::apply(&mut live, &patch);
        prop_assert_eq!(live.remove("server"), Some(other));
        prop_assert_eq!(live, after);
    }

    #[test]
    fn sorting_by_kind_permutes(picks in vec(0..60_usize, 0..30)) {
        let mut kinds: Vec<String> =
            picks.iter().map(|pick| INSTALL_ORDER.get(*pick).map_or(format!("K{pick}"), ToString::to_string)).collect();
        let mut sorted = kinds.clone();
        sort_by_kind(&mut sorted, UNINSTALL_ORDER, |kind| kind);
        let counted = |kinds: &[String]| {
            let mut counts = BTreeMap::new();
            for kind in kinds {
                *counts.entry(kind.clone()).or_insert(0) += 1;
            }
            counts
        };
        prop_assert_eq!(counted(&kinds), counted(&sorted));
        sort_by_kind(&mut kinds, INSTALL_ORDER, |kind| kind);
        let once = kinds.clone();
        sort_by_kind(&mut kinds, INSTALL_ORDER, |kind| kind);
        prop_assert_eq!(kinds, once);
    }

    #[test]
    fn documents_put_together_are_split_into_the_same(texts in vec("[a-z]: [a-z \n]{0,9}x\n", 0..6)) {
        let stream: String = texts.iter().flat_map(|text| ["---\n", text]).collect();
        prop_assert_eq!(split::documents(&stream), texts);
    }
}
