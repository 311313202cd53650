//! The executable of this process, as part of the identity of a checkpoint file.
//!
//! The results of a simulation depend on the engine, the simulator and the checkers, which are all part of the
//! executable. Every new build counts as another executable, since most changes do not show in a few seeds.

use std::fs::File;
use std::path::{Path, PathBuf};

use truecount_contract::digest::sha256_of;
use truecount_json::problem::Problem;

/// The maximum size of an executable in bytes.
const BYTES_MAX: u64 = 1 << 32;

/// On Linux, this names the running executable even if its file was removed or replaced.
const RUNNING: &str = "/proc/self/exe";

/// Returns a digest of the running executable.
///
/// # Errors
///
/// Returns a problem if the executable cannot be read.
pub(super) fn digest() -> Result<String, Problem> {
    let running = Path::new(RUNNING);
    if running.exists() {
        return digest_of(running);
    }
    let path = std::env::current_exe().map_err(|error| unreadable(&PathBuf::from("truecount"), &error.to_string()))?;
    digest_of(&path)
}

fn digest_of(path: &Path) -> Result<String, Problem> {
    let digest = File::open(path).and_then(|file| sha256_of(file, BYTES_MAX));
    match digest {
        Ok(Some(digest)) => Ok(digest),
        Ok(None) => Err(unreadable(path, &format!("it is longer than {BYTES_MAX} bytes"))),
        Err(error) => Err(unreadable(path, &error.to_string())),
    }
}

fn unreadable(path: &Path, why: &str) -> Problem {
    let message = format!("the executable of this process cannot be read: {why}");
    Problem::in_file("executable-unreadable", path.to_string_lossy(), message)
        .help("omit --resume: without the executable, it is not known to which engine a checkpoint file belongs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_file_of_the_executable() {
        let path = std::env::current_exe().expect("this test is an executable");
        assert_eq!(digest(), digest_of(&path));
    }

    #[test]
    fn executables_that_differ_in_one_byte_have_different_digests() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let of = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("the folder is writable");
            digest_of(&path).expect("the file can be read")
        };
        let [one, same, other] = [("one", b"engine 1"), ("same", b"engine 1"), ("other", b"engine 2")]
            .map(|(name, content)| of(name, content));
        assert_eq!(one, same);
        assert_ne!(one, other);
    }

    #[test]
    fn an_unreadable_executable_is_a_problem_with_a_hint() {
        let problem = digest_of(Path::new("/none/truecount")).expect_err("there is no such file");
        assert_eq!(problem.rule, "executable-unreadable");
        assert!(problem.help.is_some_and(|help| help.contains("--resume")));
    }
}
