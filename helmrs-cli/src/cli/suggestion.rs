//! What may have been meant by a word that is no command.

use clap::Command;

/// How many letters may differ.
const NEAR: usize = 2;

/// Words that are not near the command they mean.
const MEANT: &[(&str, &str)] = &[("remove", "uninstall"), ("rm", "uninstall")];

/// The commands whose names are near `word`, without `help`, in the order they were declared.
// Parity: cobra, command.go, SuggestionsFor.
pub(crate) fn suggestions<'a>(root: &'a Command, word: &str) -> Vec<&'a str> {
    let word = word.to_lowercase();
    root.get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(Command::get_name)
        .filter(|name| *name != "help")
        .filter(|name| {
            let near = distance(&word, name) <= NEAR || name.starts_with(&word);
            near || MEANT.contains(&(word.as_str(), name))
        })
        .collect()
}

/// How many letters must be put in, taken out or replaced to make one word the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let replaced = previous[column] + usize::from(letter != *other);
            current.push(
                replaced
                    .min(previous[column + 1] + 1)
                    .min(current[column] + 1),
            );
        }
        previous = current;
    }
    previous[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("instal", "install"), 1);
        assert_eq!(distance("tempalte", "template"), 2);
        assert_eq!(distance("", "list"), 4);
    }
}
