//! Tables for a terminal and for Markdown.

use std::fmt::Display;

use serde::Serialize;

/// A table with a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The heading.
    pub title: String,
    /// A paragraph that explains the cells.
    pub about: String,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows, each with as many cells as the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns the table for a terminal, without its heading.
    pub fn text(&self) -> String {
        let rows: Vec<&[String]> = std::iter::once(&self.head).chain(&self.rows).map(Vec::as_slice).collect();
        aligned(&rows)
    }

    /// Returns the table as Markdown, under its heading.
    pub fn markdown(&self) -> String {
        let Self { title, about, head, rows } = self;
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        format!("## {title}\n\n{about}\n{}", markdown(&head, rows.iter().cloned()))
    }
}

/// Returns rows as text, with each column as wide as its widest cell. All rows must have the same number of cells.
pub fn aligned(rows: &[&[String]]) -> String {
    let columns = rows.first().map_or(0, |row| row.len());
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &&[String]| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// Returns a table as Markdown, with an empty line before it.
pub(crate) fn markdown(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |cell: &String| one_line(cell).replace('|', "\\|");
    let mut text = format!("\n{}", row(head.iter().map(|name| (*name).to_owned()).collect()));
    text.push_str(&row(head.iter().map(|_| "---".to_owned()).collect()));
    for cells in rows {
        text.push_str(&row(cells.iter().map(cell).collect()));
    }
    text
}

/// Returns a text on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// A column of a table whose lines are written one by one. The width is in characters; a longer cell shifts the cells
/// that follow it.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// A left-aligned column, for words.
    Left(&'static str, usize),
    /// A right-aligned column, for numbers.
    Right(&'static str, usize),
}

/// Returns the line with the names of the columns.
pub fn heading<const N: usize>(columns: &[Column; N]) -> String {
    line(
        columns,
        columns.each_ref().map(|column| -> &dyn Display {
            match column {
                Column::Left(name, _) | Column::Right(name, _) => name,
            }
        }),
    )
}

/// Returns a line of these columns.
pub fn line<const N: usize>(columns: &[Column; N], cells: [&dyn Display; N]) -> String {
    let mut text = String::new();
    let mut before = None;
    for (column, cell) in columns.iter().zip(cells) {
        let cell = cell.to_string();
        text.push_str(match (before, column) {
            (None, _) => "",
            // A wider gap separates words from the number before them.
            (Some(Column::Right(..)), Column::Left(..)) => "  ",
            (Some(_), _) => " ",
        });
        text.push_str(&match *column {
            Column::Left(_, width) => format!("{cell:<width$}"),
            Column::Right(_, width) => format!("{cell:>width$}"),
        });
        before = Some(*column);
    }
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_right_aligned_and_words_left_aligned() {
        const COLUMNS: [Column; 4] =
            [Column::Left("name", 6), Column::Right("seeds", 5), Column::Right("of", 2), Column::Left("verdict", 0)];
        assert_eq!(heading(&COLUMNS), "name   seeds of  verdict\n");
        assert_eq!(line(&COLUMNS, [&"M1", &7, &12, &"killed"]), "M1         7 12  killed\n");
        assert_eq!(line(&COLUMNS, [&"M1", &7, &12, &""]), "M1         7 12\n");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let table = Table {
            title: "T".to_owned(),
            about: "A".to_owned(),
            head: ["a", "b"].map(str::to_owned).into(),
            rows: vec![["long", "x|y"].map(str::to_owned).into()],
        };
        assert_eq!(table.text(), "a     b\nlong  x|y\n");
        assert_eq!(table.markdown(), "## T\n\nA\n\n| a | b |\n| --- | --- |\n| long | x\\|y |\n");
    }

    #[test]
    fn cell_separators_are_escaped_and_line_ends_are_removed() {
        let rows = [vec!["a | b".to_owned(), "one\n  two".to_owned()]];
        assert_eq!(markdown(&["x", "y"], rows.into_iter()), "\n| x | y |\n| --- | --- |\n| a \\| b | one two |\n");
    }
}
