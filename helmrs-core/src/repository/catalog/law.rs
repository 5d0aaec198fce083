//! A catalog is the same whether an index is scanned or read as a whole, and whether it comes from a file or not.

use proptest::prelude::*;

use super::sidecar::{HEADER, Header, Origin, State, parts};
use super::{Catalog, Version, builder, scan};
use crate::repository::index::Rows;
use crate::repository::{IndexError, IndexFile};
use crate::yaml;

const INDEX: &str = "apiVersion: v1
entries:
  db:
  - apiVersion: v2
    appVersion: \"16\"
    created: \"2024-03-05T10:11:12.5+01:00\"
    dependencies:
    - name: common
      repository: https://example.com/charts
      version: 1.x.x
    - name: common
      repository: https://example.com/charts
      version: 2.x.x
    description: 'Keeps: things that are
      needed, and ''more''.

      Twice.'
    digest: 6f4c39f7bd04a33f8d6a17e9ba0bbb2c1b0a6f8b5c3d2e1f00112233445566aa
    home: https://example.com
    keywords:
    - sql
    - 'on'
    maintainers:
    - email: a@example.com
      name: A
    name: db
    sources: ['https://example.com/src', 'https://example.com/doc']
    urls:
    - https://example.com/db-1.0.0.tgz
    version: 1.0.0
  - {name: db, version: 1.10.0, deprecated: true, urls: [a, b]}
  - name: db
    version: 1.10.0+b
  -
  - name: db
    version: one
  web:
    - name: web
      version: 2.0.0-rc.1
      description: \"\\u00e9 \\
        goes on\"
      annotations:
        text: |
          - name: no
            version: chart
    - name: web
      version: 2.0.0
      maintainers:
      -
  \"none\": []
  empty: ~
  flow: [{name: flow, version: 0.1.0}, null]
generated: \"2024-03-05T10:11:12Z\"
serverInfo:
  contextPath: /v1
";

/// Everything a version says.
fn shown(version: Version<'_>) -> String {
    let urls: Vec<_> = version.urls().collect();
    format!(
        "{:?} {:?} {urls:?} {} {} {}",
        [
            version.name(),
            version.version(),
            version.app_version(),
            version.description()
        ],
        [version.keywords(), version.digest()],
        version.created(),
        version.is_deprecated(),
        version.is_tie()
    )
}

/// Everything a catalog says, or why there is none.
fn told(catalog: Result<Catalog, IndexError>) -> Result<Vec<String>, String> {
    let catalog = catalog.map_err(|error| error.to_string())?;
    let mut told = vec![format!("{:?}", catalog.findings("here"))];
    for chart in catalog.charts() {
        told.push(chart.name().to_owned());
        told.extend(chart.versions().map(shown));
        let found = catalog.chart(chart.name()).unwrap();
        assert_eq!(found.versions().len(), chart.versions().len());
    }
    Ok(told)
}

/// The catalog of an index that was read as a whole, by the grammar.
fn by_grammar(text: &str) -> Result<Catalog, IndexError> {
    let rows: Option<Rows> = yaml::read_strict_by_grammar(text.as_bytes())?;
    let (index, skipped) = IndexFile::of_rows(rows.unwrap_or_default())?;
    builder::of_index(index, skipped)
}

/// Whether an index is scanned, which must then give what reading it as a whole gives.
fn is_scanned(text: &str) -> bool {
    let scanned = scan::scan(text.as_bytes());
    let is_scanned = scanned.is_some();
    if let Some(scanned) = scanned {
        assert_eq!(told(scanned), told(by_grammar(text)), "{text}");
    }
    is_scanned
}

fn written(catalog: &Catalog) -> Vec<u8> {
    let origin = Origin {
        state: State {
            size: 1 << 20,
            modified: (-1, 999_999_999),
            changed: (7, 1),
            inode: u64::MAX,
        },
        digest: [0xab; 32],
    };
    let (header, numbers, texts) = parts(catalog, &origin);
    assert_eq!(Header::read(&header).unwrap().origin, origin);
    [&header, numbers, texts.as_bytes()].concat()
}

fn read_back(bytes: &[u8]) -> Option<Catalog> {
    let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
    let header = Header::read(header)?;
    let (numbers, texts) = rest.split_at_checked(header.numbers)?;
    let texts = std::str::from_utf8(texts).ok()?;
    if texts.len() != header.texts {
        return None;
    }
    header.catalog(numbers.to_vec(), texts.to_owned())
}

#[test]
fn an_index_as_programs_write_it_is_scanned() {
    assert!(is_scanned(INDEX));
    let told = told(Catalog::read(INDEX.as_bytes())).unwrap();
    assert_eq!(told.len(), 1 + 5 + 5, "{told:#?}");
    assert!(told[0].contains("empty entry"), "{}", told[0]);
    assert!(
        told.iter()
            .any(|line| line.contains("Keeps: things that are needed, and 'more'. Twice."))
    );
}

#[test]
fn what_is_wrong_is_left_to_the_reading_of_everything() {
    let broken = |from: &str, to: &str| INDEX.replacen(from, to, 1);
    for text in [
        broken("  web:\n", "  db:\n"),
        broken("    home:", "    name:"),
        broken("    home:", "    nope:"),
        broken("    version: 1.0.0\n", "    version: [1]\n"),
        broken("apiVersion: v1", "apiVersion: &a v1"),
        broken("created: \"2024", "created: \"2O24"),
        broken("serverInfo:", "entries:"),
        format!("{INDEX}---\n"),
    ] {
        assert!(!is_scanned(&text), "{text}");
        assert_eq!(
            told(Catalog::read(text.as_bytes())),
            told(by_grammar(&text))
        );
    }
    let without = broken("apiVersion: v1\n", "");
    assert!(matches!(
        Catalog::read(without.as_bytes()),
        Err(IndexError::NoApiVersion)
    ));
    assert!(matches!(Catalog::read(b""), Err(IndexError::Empty)));
}

#[test]
fn a_version_is_selected_as_from_the_whole_index() {
    let (index, _) = IndexFile::read(INDEX.as_bytes(), "here").unwrap();
    let catalog = Catalog::read(INDEX.as_bytes()).unwrap();
    for (name, wanted) in [
        ("db", ""),
        ("db", "1.0.0"),
        ("db", "v1.10.0"),
        ("db", "^1"),
        ("db", "9"),
        ("db", "a b"),
        ("web", ""),
        ("web", ">0-0"),
        ("none", ""),
        ("other", ""),
    ] {
        let one = index.select(name, wanted).map(|found| {
            let chart = found.chart;
            (
                chart.metadata.version.clone(),
                chart.urls.clone(),
                found.fit,
            )
        });
        let other = catalog.select(name, wanted).map(|(found, fit)| {
            let urls: Vec<_> = found.urls().map(str::to_owned).collect();
            (found.version().to_owned(), urls, fit)
        });
        let text = |error: IndexError| error.to_string();
        assert_eq!(one.map_err(text), other.map_err(text), "{name} {wanted}");
    }
}

#[test]
fn a_catalog_survives_being_written() {
    let catalog = Catalog::read(INDEX.as_bytes()).unwrap();
    assert_eq!(read_back(&written(&catalog)), Some(catalog));
}

/// An index with some lines changed, doubled, moved or cut.
fn mutated() -> impl Strategy<Value = String> {
    let lines: Vec<String> = INDEX.lines().map(str::to_owned).collect();
    let odd = prop::sample::select(vec![
        "",
        "-",
        "  - null",
        "  -  name: x",
        "x: y",
        "    x: y",
        "  x:",
        "  1:",
        "  y: |",
        "   ",
        "#",
        "  db: {}",
        "entries:",
        "Entries: {}",
        "---",
        "...",
        "  - 'a",
        "    \"b",
        "      c: \"d\"",
        "\t",
        "    version: 3",
        "    version: 1e3",
        "    keywords: x",
        "    urls: ~",
        "    deprecated: yes",
        "    created: 2024-01-01",
        "    name: &a b",
        "    name: *a",
        "    type: >-",
        "    - - a",
        "'q': r",
        "<<: {}",
        "    Name: z",
        "  - ? a",
    ]);
    let count = lines.len();
    let change = (0..count, 0_u8..5, odd, 0_usize..30);
    prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut lines = lines.clone();
        for (at, what, odd, column) in changes {
            let at = at.min(lines.len() - 1);
            match what {
                0 => lines[at] = odd.to_owned(),
                1 => lines.insert(at, odd.to_owned()),
                2 => {
                    let line = lines[at].clone();
                    lines.insert((at + column) % count, line);
                }
                3 => {
                    let line: String = lines[at].chars().take(column).collect();
                    lines[at] = line;
                }
                _ if lines.len() > 1 => {
                    lines.remove(at);
                }
                _ => {}
            }
        }
        lines.join("\n") + "\n"
    })
}

proptest! {
    #[test]
    fn a_scan_is_the_whole_index(text in mutated()) {
        is_scanned(&text);
        prop_assert_eq!(told(Catalog::read(text.as_bytes())), told(by_grammar(&text)));
    }

    #[test]
    fn a_file_that_was_changed_is_another_catalog_or_none(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let catalog = Catalog::read(INDEX.as_bytes()).unwrap();
        let bytes = written(&catalog);
        let mut changed = bytes.clone();
        for (place, byte) in changes {
            let place = place.index(changed.len());
            changed[place] = byte;
        }
        if let Some(cut) = cut {
            changed.truncate(cut.index(changed.len()));
        }
        if let Some(found) = read_back(&changed) {
            prop_assert_eq!(told(Ok(found)), told(Ok(catalog)));
        }
    }

    /// As if somebody had gone to the trouble of making the checksum right.
    #[test]
    fn numbers_that_point_anywhere_do_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let catalog = Catalog::read(INDEX.as_bytes()).unwrap();
        let mut rows = catalog.rows;
        for (place, byte) in changes {
            let place = place.index(rows.numbers.len());
            rows.numbers[place] = byte;
        }
        if let Some(rows) = super::rows::Rows::checked(rows.counts, rows.numbers, rows.texts) {
            let _ = told(Ok(Catalog { rows }));
        }
    }
}
