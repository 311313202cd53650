//! The output of a command: data on stdout, everything else on stderr.
//!
//! A command whose data cannot be written fails, whatever else it found. Only a reader that closes the pipe, such as
//! `head`, is not an error.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

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
pub(super) fn print_parsing(error: &clap::Error) {
    let printed = error.print();
    if !error.use_stderr() {
        written(printed.and_then(|()| io::stdout().flush()));
    }
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

/// Returns `text` with `?` for each character that a terminal would interpret or not show: control characters other
/// than line ends and tabs, characters that change the direction of text, and characters without a width. A title or an
/// argument may contain them.
pub(super) fn inert(text: &str) -> String {
    let is_active = |character: char| match character {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        character => character.is_control(),
    };
    text.replace(is_active, "?")
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
