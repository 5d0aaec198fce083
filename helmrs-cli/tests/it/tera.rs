//! Charts with templates in Tera, as folders below `testdata/tera`. Helm has no such templates, so what they say was
//! recorded from this program, with `HELMRS_RECORD` set; read what changes before you commit it.

use std::path::Path;

use crate::cli;

#[test]
fn every_chart_with_tera_says_what_was_recorded() {
    let program = Path::new(env!("CARGO_BIN_EXE_helmrs"));
    let record = std::env::var_os("HELMRS_RECORD").is_some()
        && std::env::var_os("HELMRS_REFERENCE_HELM").is_none();
    let mut failures = Vec::new();
    let cases = cli::cases("tera");
    assert!(!cases.is_empty(), "there are no cases");
    for case in cases {
        let mut found = cli::run(program, &case);
        found.stdout = timeless(&found.stdout);
        if record {
            cli::write(&case, &found);
        }
        let wanted = cli::read(&case);
        if found != wanted {
            failures.push(format!(
                "{}:\nwanted {wanted:#?}\nfound {found:#?}",
                case.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A text without the line that says when.
fn timeless(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !line.starts_with("LAST DEPLOYED: "))
        .collect()
}
