//! How a table is written.

use clap::ValueEnum;

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Layout {
    /// For people at a terminal.
    Text,
    /// For people on a page.
    Markdown,
    /// For programs.
    Json,
}
