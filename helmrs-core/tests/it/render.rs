//! Charts of `testdata/render`, rendered as `template` does; what is expected was recorded with the reference.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::{self, Chart};
use helmrs_core::engine::{Budget, ReleaseOptions, Rendering};
use helmrs_core::finding::{Finding, Level};
use helmrs_core::release::build::{self, Assembly};
use helmrs_core::release::{Release, text};
use helmrs_core::values::Sources;
use helmrs_gotemplate::ambient::Fixed;

#[test]
fn every_chart_renders_as_the_reference_renders_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/render");
    let mut differing = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of cases is there") {
        let case = entry.expect("an entry is readable").path();
        let read = |name: &str| fs::read_to_string(case.join(name)).unwrap_or_default();
        let got = Case::new(&case, &read("arguments")).run();
        if (&got.stdout, &got.stderr) != (&read("stdout"), &read("stderr")) {
            differing.push(format!("{}:\n{}{}", case.display(), got.stdout, got.stderr));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// What a command line asks for.
#[derive(Default)]
struct Case {
    folder: PathBuf,
    sources: Sources,
    options: ReleaseOptions,
    capabilities: Capabilities,
    include_crds: bool,
    hooks: text::Hooks,
    show_only: Vec<String>,
}

#[derive(Default)]
struct Output {
    stdout: String,
    stderr: String,
}

impl Case {
    fn new(folder: &Path, arguments: &str) -> Self {
        let mut case = Self {
            folder: folder.to_owned(),
            ..Self::default()
        };
        case.options = ReleaseOptions {
            namespace: "default".to_owned(),
            revision: 1,
            is_install: true,
            ..ReleaseOptions::default()
        };
        let mut words = arguments.split_whitespace();
        while let Some(word) = words.next() {
            let mut value = || words.next().expect("a flag has its value").to_owned();
            match word {
                "-f" => {
                    let path = value();
                    let text = fs::read(folder.join(&path)).expect("a values file is there");
                    case.sources.files.push((path, text));
                }
                "--set" => case.sources.set.push(value()),
                "--set-string" => case.sources.strings.push(value()),
                "--set-json" => case.sources.json.push(value()),
                "--namespace" => case.options.namespace = value(),
                "--kube-version" => {
                    case.capabilities.kube_version = value().parse().expect("a version");
                }
                "--api-versions" => case.capabilities.api_versions.push(value()),
                "--show-only" => case.show_only.push(value()),
                "--include-crds" => case.include_crds = true,
                "--skip-tests" => case.hooks = text::Hooks::NoTests,
                "--is-upgrade" => {
                    (case.options.is_upgrade, case.options.is_install) = (true, false);
                }
                "./chart" => {}
                name => name.clone_into(&mut case.options.name),
            }
        }
        case
    }

    fn run(&self) -> Output {
        let mut output = Output::default();
        if let Err(error) = self.template(&mut output) {
            writeln!(output.stderr, "Error: {}", chain(&*error)).expect("a string takes all");
        }
        output
    }

    fn template(&self, output: &mut Output) -> Result<(), Box<dyn Error>> {
        let mut chart = chart::load(&self.folder.join("chart"), &mut Vec::new())?;
        let values = self.sources.merge(&mut |_| Ok(Vec::new()))?;
        let mut findings = Vec::new();
        chart::process_dependencies(&mut chart, &values, &mut findings)?;
        let values = chart::coalesce::coalesce_values(&chart, &values, &mut findings)?;
        let text = self.text(&chart, &values, &mut findings);
        output.stderr.extend(findings.iter().map(line));
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                let text = chain(&error);
                return Err(
                    format!("{text}\n\nUse --debug flag to render out invalid YAML").into(),
                );
            }
        };
        output.stdout = if self.show_only.is_empty() {
            text
        } else {
            text::show_only(&text, &self.show_only)?
        };
        Ok(())
    }

    fn text(
        &self,
        chart: &Chart,
        values: &helmrs_core::yaml::Map,
        findings: &mut Vec<Finding>,
    ) -> Result<String, build::BuildError> {
        let rendering = Rendering {
            chart,
            values,
            release: self.options.clone(),
            capabilities: &self.capabilities,
            lookup: None,
            ambient: &Fixed::default(),
            enable_dns: false,
            strict: false,
            budget: Budget::UNLIMITED,
        };
        let rendered = build::render(&rendering, false)?;
        let assembly = Assembly {
            include_crds: self.include_crds,
            hide_secrets: false,
        };
        let assembled = build::assemble(chart, &rendered.files, assembly, findings)?;
        let release = Release {
            manifest: assembled.manifest,
            hooks: assembled.hooks,
            ..Release::default()
        };
        Ok(text::release_text(release, self.hooks))
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, ": {error}").expect("a string takes all");
        source = error.source();
    }
    text
}

/// A finding as a log line.
fn line(finding: &Finding) -> String {
    let level = match finding.level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warning => "WARN",
    };
    let attributes = finding
        .attributes
        .iter()
        .map(|(key, value)| format!(" {key}={value}"));
    format!(
        "level={level} msg={:?}{}\n",
        finding.message,
        attributes.collect::<String>()
    )
}
