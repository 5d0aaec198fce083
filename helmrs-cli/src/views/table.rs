//! Columns of text, as the table printer of Helm's lists lines them up.

use unicode_width::UnicodeWidthChar;

/// Rows of cells: columns are as wide as their widest cell and a tab apart.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    /// How wide a column may grow; zero for any width.
    widest: usize,
}

impl Table {
    /// A table whose columns may grow to `widest`; longer cells end in dots.
    pub(crate) fn new(widest: usize) -> Self {
        Self {
            rows: Vec::new(),
            widest,
        }
    }

    /// Adds a row.
    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The table as text, with a line break at its end; bytes, as a cell may be cut within a letter.
    // Parity: github.com/gosuri/uitable, Table.String.
    pub(crate) fn render(&self) -> Vec<u8> {
        let widths = self.widths();
        let mut text = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                text.push(b'\n');
            }
            write_row(&mut text, row, &widths);
        }
        text.push(b'\n');
        text
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                let mut width = cell
                    .split('\n')
                    .map(|line| width(line.as_bytes()))
                    .max()
                    .unwrap_or_default();
                if self.widest != 0 {
                    width = width.min(self.widest);
                }
                match widths.get_mut(column) {
                    Some(widest) => *widest = width.max(*widest),
                    None => widths.push(width),
                }
            }
        }
        widths
    }
}

/// Writes a row, which is as many lines as its cell of the most lines.
fn write_row(text: &mut Vec<u8>, row: &[String], widths: &[usize]) {
    let cells: Vec<Vec<Vec<u8>>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let resized = resize(cell.as_bytes(), *width);
            resized
                .split(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect()
        })
        .collect();
    let lines = cells.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..lines {
        if line > 0 {
            text.push(b'\n');
        }
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                text.push(b'\t');
            }
            let width = widths[column];
            match cell.get(line) {
                Some(cell) => text.extend(resize(cell, width)),
                None => text.extend(vec![b' '; width.max(1)]),
            }
        }
    }
}

/// Makes a cell exactly as wide as its column: with spaces, or cut and ending in dots.
fn resize(cell: &[u8], wanted: usize) -> Vec<u8> {
    let mut resized = cell.to_vec();
    let width = width(cell);
    if wanted == 0 || width == wanted {
        return resized;
    }
    if width < wanted {
        resized.resize(cell.len() + wanted - width, b' ');
    } else {
        // Parity: the cut counts bytes where the width counts letters.
        resized.truncate(wanted.saturating_sub(3));
        resized.extend(b"...");
    }
    resized
}

/// How many columns of a terminal a text takes; colour codes take none.
fn width(text: &[u8]) -> usize {
    let text = String::from_utf8_lossy(text);
    let mut width = 0;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\x1b' {
            for code in characters.by_ref() {
                if code.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            width += character.width().unwrap_or_default();
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(widest: usize, rows: &[&[&str]]) -> String {
        let mut table = Table::new(widest);
        for row in rows {
            table.row(row.iter().copied());
        }
        String::from_utf8(table.render()).unwrap()
    }

    #[test]
    fn columns_are_padded_and_a_tab_apart() {
        assert_eq!(
            render(0, &[&["NAME", "X"], &["a", "long"]]),
            "NAME\tX   \na   \tlong\n"
        );
    }

    #[test]
    fn a_cell_wider_than_its_column_may_be_ends_in_dots() {
        assert_eq!(render(5, &[&["abcdefgh"]]), "ab...\n");
    }

    #[test]
    fn a_cell_of_several_lines_is_cut_to_its_longest() {
        assert_eq!(
            render(0, &[&["first line\nsecond", "x"]]),
            "first l...\tx\n"
        );
    }

    #[test]
    fn an_empty_table_is_a_line_break() {
        assert_eq!(render(0, &[]), "\n");
    }
}
