//! The format of a table.

use clap::ValueEnum;

/// The format of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Layout {
    /// Aligned text for a terminal
    Text,
    /// Markdown for a page
    Markdown,
    /// Machine-readable JSON
    Json,
}
