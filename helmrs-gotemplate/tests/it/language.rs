//! Every folder of `testdata/language` renders to its `output`, which the reference recorded.

use std::fs;
use std::path::Path;

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{Executor, Functions, Map, MissingKey, TemplateSet, Value};

fn render(text: Vec<u8>) -> Vec<u8> {
    let mut set = TemplateSet::new("gotpl", Functions::new(), MissingKey::Zero);
    set.parse("template", text).expect("the text is a template");
    let output =
        Executor::new(&set, &Fixed::default()).execute("template", &Value::Map(Map::new()));
    output.unwrap_or_else(|error| panic!("{error}")).to_vec()
}

#[test]
fn every_case_renders_as_the_reference_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/language");
    let mut count = 0;
    for entry in fs::read_dir(root).expect("the folder of cases") {
        let case = entry.expect("a case").path();
        let read = |name: &str| {
            fs::read(case.join(name)).unwrap_or_else(|error| panic!("{case:?}/{name}: {error}"))
        };
        let (got, want) = (render(read("template")), read("output"));
        let [got, want] = [got, want].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(got, want, "{}", case.display());
        count += 1;
    }
    assert!(count > 0, "there are cases");
}
