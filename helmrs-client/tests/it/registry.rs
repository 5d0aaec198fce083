//! Charts go to registries and come back: real ones, and such as mean no good.

mod deputy;
mod hostile;
mod real;

use std::path::Path;
use std::process::{Command, Stdio};

use helmrs_client::event::Recorder;
use helmrs_client::registry::{Archive, Patience, Places, RegistryOptions};
use helmrs_client::{Event, chain};
use helmrs_core::chart::{self, Chart, File, Metadata};
use helmrs_core::registry::Credential;
use helmrs_core::time::Time;

/// A registry without TLS, and what is kept below a folder.
fn plainly(folder: &Path) -> RegistryOptions {
    RegistryOptions {
        plain_http: true,
        places: Places {
            configuration: folder.join("registry/config.json"),
            ..Places::default()
        },
        patience: Patience {
            attempts: 0,
            ..Patience::default()
        },
        ..RegistryOptions::default()
    }
}

fn somebody() -> Credential {
    Credential::basic("ann", "secret")
}

/// The archive of a small chart.
fn archive(version: &str) -> Archive {
    let chart = Chart {
        metadata: Metadata {
            name: "web".into(),
            version: version.into(),
            api_version: "v2".into(),
            description: "A <b>web</b>".into(),
            annotations: [("category".into(), "shop".into())].into(),
            ..Metadata::default()
        },
        templates: vec![File {
            name: "templates/web.yaml".into(),
            data: "kind: ConfigMap\n".into(),
            modified: Time::from_unix(1_700_000_000, 0),
        }],
        ..Chart::default()
    };
    let time = Time::from_unix(1_700_000_000, 0);
    Archive {
        content: chart::package::archive(&chart, time).unwrap().into(),
        provenance: None,
        created: time,
    }
}

/// The digests of manifests that were told of.
fn digests(watch: &Recorder) -> Vec<String> {
    let events = watch.events().into_iter();
    events
        .filter_map(|event| match event {
            Event::Pulled { digest, .. } | Event::Pushed { digest, .. } => Some(digest),
            _ => None,
        })
        .collect()
}

fn text(error: impl std::error::Error + 'static) -> String {
    chain(&error)
}

/// Says that a test is not run, and why.
#[expect(clippy::print_stderr, reason = "it has to be seen somewhere")]
fn skip(test: &str, reason: &str) {
    eprintln!("skipped: {test} ({reason})");
}

/// Whether a program is there; a test that needs it is skipped by name where it is not.
fn is_there(program: &str, test: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        skip(test, &format!("no {program}"));
    }
    found
}
