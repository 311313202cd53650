//! The output of a command: data on stdout, everything else on stderr.
//!
//! A command whose data cannot be written fails, whatever else it found. Only a reader that closes the pipe, such as
//! `head`, is not an error.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::{ContextKind, ContextValue};
use truecount_json::{escaped, is_active};

use super::Exit;

/// Whether data could not be written.
static UNWRITTEN: AtomicBool = AtomicBool::new(false);

/// Writes data to stdout.
pub(super) fn data(text: &str) {
    let mut out = io::stdout().lock();
    written(out.write_all(inert(text).as_bytes()).and_then(|()| out.flush()));
}

/// Writes text other than data to stderr.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", inert(text.trim_end()));
}

/// Prints a usage error on stderr, or the requested help or version on stdout.
pub(super) fn print_parsing(mut error: clap::Error) {
    if !error.use_stderr() {
        let printed = error.print();
        return written(printed.and_then(|()| io::stdout().flush()));
    }
    let foreign: Vec<(ContextKind, String)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) if text.contains(is_active) => Some((kind, escaped(text))),
            _ => None,
        })
        .collect();
    if foreign.is_empty() {
        let _ = error.print();
        return;
    }
    for (kind, text) in foreign {
        error.insert(kind, ContextValue::String(text));
    }
    // A suggestion repeats the argument.
    error.remove(ContextKind::Suggested);
    note(&error.render().to_string());
}

/// Returns [`Exit::Input`] if data could not be written, or else [`Exit::Held`].
pub(super) fn exit() -> Exit {
    if UNWRITTEN.load(Ordering::Relaxed) { Exit::Input } else { Exit::Held }
}

/// Records and reports the first failure to write data.
fn written(result: io::Result<()>) {
    let Err(error) = result else { return };
    if error.kind() != ErrorKind::BrokenPipe && !UNWRITTEN.swap(true, Ordering::Relaxed) {
        note(&format!(
            "error: the output cannot be written: {error}\n  \
             = help: free space on the device, or redirect the output to another file"
        ));
    }
}

/// Returns a path for a message, on one line.
pub(super) fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

/// Returns `text` with `?` for each active character other than line ends and tabs. Foreign text is escaped or refused
/// where it is read; this is the last barrier before a terminal.
pub(super) fn inert(text: &str) -> String {
    text.replace(|character| !matches!(character, '\n' | '\t') && is_active(character), "?")
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn active_characters_do_not_reach_a_terminal() {
        assert_eq!(inert("a\u{1b}[31mb\u{9b}c\r\n\td"), "a?[31mb?c?\n\td");
        assert_eq!(inert("set\u{202e}1-\u{200b}2 é 漢 👍"), "set?1-?2 é 漢 👍");
    }
}
