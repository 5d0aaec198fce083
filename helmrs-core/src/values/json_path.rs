//! `show values --jsonpath`: an expression that picks values and prints them.
// Parity: Kubernetes, client-go/util/jsonpath.

mod evaluate;
mod parse;

pub use evaluate::EvaluateError;
pub use parse::ParseError;

use super::Values;
use evaluate::Evaluation;
use parse::Node;

/// An expression like `{.image.tag}`, or text with such expressions in it.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonPath {
    nodes: Vec<Node>,
}

impl JsonPath {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// If the text is no expression.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Ok(Self {
            nodes: parse::parse(text)?,
        })
    }

    /// What the expression picks, as text.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::values::{json_path::JsonPath, read};
    ///
    /// let values = helmrs_core::yaml::Map::from([("port".to_owned(), 80.0.into())]);
    /// let path = JsonPath::parse("{.port}/TCP").unwrap();
    /// assert_eq!(path.print(&values).unwrap(), "80/TCP");
    /// ```
    ///
    /// # Errors
    ///
    /// If a field is missing, an index is out of bounds, or what is compared cannot be.
    pub fn print(&self, values: &Values) -> Result<String, EvaluateError> {
        Evaluation::new(&self.nodes).print(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{self, Value};

    fn print(text: &str) -> Result<String, EvaluateError> {
        let values = "{name: web, ports: [{name: http, port: 80}, {name: https, port: 443}], list: [a, b, c], \
                      deep: {flag: true, none: null, big: 12345678901, 'dotted.key': x}, empty: []}";
        let Ok(Value::Map(values)) = yaml::parse(values.as_bytes()) else {
            panic!("the values are a map")
        };
        JsonPath::parse(text).unwrap().print(&values)
    }

    #[test]
    fn fields_and_indexes_pick_values() {
        for (path, wanted) in [
            ("{.name}", "web"),
            ("{$.name}", "web"),
            ("name", "name"),
            ("name={.name}!", "name=web!"),
            ("{.list[0]}", "a"),
            ("{.list[-1]}", "c"),
            ("{.list[0:2]}", "a b"),
            ("{.list[::2]}", "a c"),
            ("{.list[0,2]}", "a c"),
            ("{.list[*]}", "a b c"),
            ("{.list}", r#"["a","b","c"]"#),
            ("{['name']}", "web"),
            (r"{.deep.dotted\.key}", "x"),
            ("{.deep.big}", "1.2345678901e+10"),
            ("{.deep.flag} {.deep.none}", "true null"),
            ("{.ports[*].port}", "80 443"),
            ("{..port}", "80 443"),
            ("{.ports[0].*}", "http 80"),
        ] {
            assert_eq!(print(path).unwrap(), wanted, "{path}");
        }
    }

    #[test]
    fn a_range_is_walked_to_its_end() {
        assert_eq!(
            print(r#"{range .ports[*]}{.name}={.port}{"\n"}{end}."#).unwrap(),
            "http=80\nhttps=443\n."
        );
        assert!(print("{end}").is_err());
    }

    #[test]
    fn filters_compare_what_is_of_one_kind() {
        assert_eq!(print("{.ports[?(@.name=='https')].port}").unwrap(), "443");
        assert_eq!(print("{.ports[?(@.port>80.0)].name}").unwrap(), "https");
        assert_eq!(print("{.ports[?(@.name)].port}").unwrap(), "80 443");
        assert_eq!(print("{.list[?(@=~'[bc]')]}").unwrap(), "b c");
        // A whole number is no float, as which the values hold it.
        assert!(print("{.ports[?(@.port==80)].name}").is_err());
    }

    #[test]
    fn what_is_missing_is_an_error() {
        assert_eq!(
            print("{.nosuch}").unwrap_err().to_string(),
            "nosuch is not found"
        );
        assert_eq!(
            print("{.list[3]}").unwrap_err().to_string(),
            "array index out of bounds: index 3, length 3"
        );
        assert!(print("{.name[0]}").is_err());
    }

    #[test]
    fn malformed_expressions_are_refused() {
        let refused = |text| JsonPath::parse(text).unwrap_err().to_string();
        assert_eq!(refused("{"), "unclosed action");
        assert_eq!(refused("{.a[}"), "unterminated array");
        assert_eq!(refused("{.a[x]}"), "invalid array index x");
        assert_eq!(refused("{'a}"), "unterminated quoted string");
        assert_eq!(
            refused("{!}"),
            "unrecognized character in action: U+0021 '!'"
        );
        assert_eq!(refused("{....a}"), "invalid multiple recursive descent");
        assert_eq!(refused("{1.2.3}"), "cannot parse number 1.2.3");
    }
}
