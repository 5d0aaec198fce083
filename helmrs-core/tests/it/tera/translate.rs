//! Calls of Go's templates as calls of Tera's, as far as examples of functions need it.

/// The call that `{{ name argument … | name … }}` is in Tera, its arguments by number; nothing for all other syntax.
pub(super) fn call(template: &str) -> Option<String> {
    let inner = template.strip_prefix("{{ ")?.strip_suffix(" }}")?;
    let mut reader = Reader { rest: inner };
    let call = reader.pipeline()?;
    reader.rest.is_empty().then_some(call)
}

struct Reader<'r> {
    rest: &'r str,
}

impl Reader<'_> {
    fn pipeline(&mut self) -> Option<String> {
        let mut value = self.command(None)?;
        while self.take("|") {
            value = self.command(Some(value))?;
        }
        Some(value)
    }

    /// A function with its arguments, or a single operand.
    fn command(&mut self, piped: Option<String>) -> Option<String> {
        let name = self.name();
        let mut arguments = Vec::new();
        while let Some(argument) = self.operand() {
            arguments.push(argument);
        }
        arguments.extend(piped);
        let Some(name) = name else {
            return (arguments.len() == 1).then(|| arguments.remove(0));
        };
        let arguments = arguments.iter().enumerate();
        let arguments: Vec<String> = arguments
            .map(|(number, argument)| format!("a{number}={argument}"))
            .collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }

    fn operand(&mut self) -> Option<String> {
        if self.take("(") {
            let value = self.pipeline()?;
            return self.take(")").then_some(value);
        }
        if self.rest.starts_with('"') {
            return self.text();
        }
        if let Some(raw) = self.rest.strip_prefix('`') {
            let (text, rest) = raw.split_once('`')?;
            self.rest = rest.trim_start();
            return Some(format!("{text:?}"));
        }
        let word: String = self
            .rest
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || "-._".contains(*character))
            .collect();
        let is_number = word
            .trim_start_matches('-')
            .starts_with(|c: char| c.is_ascii_digit())
            && word.parse::<f64>().is_ok();
        let literal = match word.as_str() {
            "true" | "false" => word.clone(),
            "nil" => "none".to_owned(),
            _ if is_number => word.clone(),
            _ => {
                let mut inner = Reader { rest: self.rest };
                let name = inner.name()?;
                self.rest = inner.rest;
                return Some(format!("{name}()"));
            }
        };
        self.rest = self.rest[word.len()..].trim_start();
        Some(literal)
    }

    /// A quoted text, unless its escapes might differ.
    fn text(&mut self) -> Option<String> {
        let end = self.rest[1..].find('"')? + 2;
        let (text, rest) = self.rest.split_at(end);
        if text.contains('\\') {
            return None;
        }
        self.rest = rest.trim_start();
        Some(text.to_owned())
    }

    fn name(&mut self) -> Option<String> {
        let is_part = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
        let name: String = self.rest.chars().take_while(is_part).collect();
        let after = &self.rest[name.len()..];
        let known = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !["true", "false", "nil", "range", "if", "with"].contains(&name.as_str())
            && (after.is_empty() || after.starts_with([' ', ')', '|']));
        known.then(|| {
            self.rest = after.trim_start();
            name
        })
    }

    fn take(&mut self, mark: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(mark) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }
}
