//! Problems with files that cannot be read as text.
//!
//! This module covers files that cannot be opened, read or written, are empty or too large, or are not UTF-8. It does
//! not depend on how files are opened.

use std::io;

use super::excerpt::Excerpt;
use super::{Location, Problem, one_based};

impl Problem {
    /// Returns the problem for a file that could not be opened or read.
    pub fn unreadable(path: impl Into<String>, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::in_file("file-missing", path, "no such file"),
            io::ErrorKind::IsADirectory => Self::directory(path),
            io::ErrorKind::PermissionDenied => Self::in_file("file-unreadable", path, "no permission to read the file"),
            _ => Self::in_file("file-unreadable", path, format!("the file cannot be read: {error}")),
        }
    }

    /// Returns the problem for a file that could not be written.
    pub fn unwritable(path: impl Into<String>, error: &io::Error) -> Self {
        Self::in_file("file-unwritable", path, format!("the file cannot be written: {error}"))
    }

    /// Returns the problem for a directory in place of a file.
    pub fn directory(path: impl Into<String>) -> Self {
        Self::in_file("file-directory", path, "this is a directory, not a file")
    }

    /// Returns the problem for a pipe, a socket or a device in place of a file.
    pub fn special(path: impl Into<String>) -> Self {
        Self::in_file("not-a-file", path, "this is a pipe, a socket or a device, not a regular file")
            .help("copy its content to a file, or pass it as `/dev/stdin`")
    }

    /// Returns the problem for a file of more than `limit` bytes.
    pub fn too_large(path: impl Into<String>, limit: u32) -> Self {
        let message = format!("the file is longer than {limit} bytes");
        Self::in_file("file-too-large", path, message)
    }

    /// Returns the problem for a file without any text.
    pub fn empty(path: impl Into<String>) -> Self {
        let location = Location { line: 1, column: 1, excerpt: Some(Excerpt::new("", 0..0)) };
        Self::in_file("file-empty", path, "the file is empty").located(location)
    }

    /// Returns the problem for a file that is valid UTF-8 only before the byte at offset `valid`.
    pub(crate) fn not_utf8(path: impl Into<String>, bytes: &[u8], valid: usize) -> Self {
        let (before, after) = bytes.split_at(valid.min(bytes.len()));
        let newline = |byte: &u8| *byte == b'\n';
        let line_start = before.iter().rposition(newline).map_or(0, |newline| newline + 1);
        let head = String::from_utf8_lossy(&before[line_start..]);
        let tail = after.split(newline).next().unwrap_or_default();
        let tail = String::from_utf8_lossy(tail);
        let column = head.chars().count();
        let first = tail.chars().next().map_or(0, char::len_utf8);
        let location = Location {
            line: one_based(before.iter().filter(|byte| newline(byte)).count()),
            column: one_based(column),
            excerpt: Some(Excerpt::new(&format!("{head}{tail}"), head.len()..head.len() + first)),
        };
        let message = match after.first() {
            Some(byte) => format!("the file is not UTF-8: byte {byte:#04x}"),
            None => "the file is not UTF-8".to_owned(),
        };
        let help = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it seems to be UTF-16; save it as UTF-8",
            _ => "save the file as UTF-8",
        };
        Self::in_file("file-encoding", path, message).located(location).help(help)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::Problem;

    fn check(problem: &Problem, expected: &str) {
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn unreadable_empty_and_oversized_files() {
        let unreadable = |kind: io::ErrorKind| Problem::unreadable("a.json", &kind.into());
        check(&unreadable(io::ErrorKind::NotFound), "error[file-missing]: no such file\n--> a.json");
        check(
            &unreadable(io::ErrorKind::PermissionDenied),
            "error[file-unreadable]: no permission to read the file\n--> a.json",
        );
        check(
            &unreadable(io::ErrorKind::IsADirectory),
            "error[file-directory]: this is a directory, not a file\n--> a.json",
        );
        check(
            &unreadable(io::ErrorKind::TimedOut),
            "error[file-unreadable]: the file cannot be read: timed out\n--> a.json",
        );
        check(&Problem::too_large("a.json", 9), "error[file-too-large]: the file is longer than 9 bytes\n--> a.json");
        check(
            &Problem::empty("a.json").help("write a scenario"),
            "error[file-empty]: the file is empty\n --> a.json:1:1\n  |\n1 |\n  | ^\n  |\n  = help: write a scenario",
        );
    }

    #[test]
    fn files_that_are_not_utf8() {
        check(
            &Problem::not_utf8("a.json", b"{\n \"\xc3\xa9\xff\": 1\n}", 6),
            "error[file-encoding]: the file is not UTF-8: byte 0xff\n --> a.json:2:4\n  |\n2 |  \"\u{e9}?\": 1\n  |    ^\n  |\n  = help: save the file as UTF-8",
        );
        check(
            &Problem::not_utf8("a.json", b"\xff\xfe[\0]\0", 0),
            "error[file-encoding]: the file is not UTF-8: byte 0xff\n --> a.json:1:1\n  |\n1 | ??[?]?\n  | ^\n  |\n  = help: it seems to be UTF-16; save it as UTF-8",
        );
        check(
            &Problem::not_utf8("a.json", b"", 5),
            "error[file-encoding]: the file is not UTF-8\n --> a.json:1:1\n  |\n1 |\n  | ^\n  |\n  = help: save the file as UTF-8",
        );
    }
}
