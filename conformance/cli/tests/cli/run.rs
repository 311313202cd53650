//! Runs the program, and creates folders of scenarios for it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A valid scenario, small enough for hundreds of simulations a second.
pub(crate) const GOOD: &str = r#"{
  "format": 1,
  "title": "A set that is requested twice is one unit",
  "clauses": ["COUNT-02", "COUNT-06"],
  "tenants": ["acme"],
  "actors": ["ada"],
  "grants": [{"actor": "ada", "tenant": "acme", "may": "operate"}],
  "objects": {"set-1": "archived", "set-2": "active"},
  "runs": [
    {"name": "first", "tenant": "acme", "actor": "ada", "family": "backup_set.restore", "request": ["set-1", "set-2"],
      "responses": {"set-1": ["throttled"]}}
  ],
  "faults": {"crash_before": 2, "redeliver": 2},
  "expect": {
    "first": {
      "outcome": "succeeded",
      "counts": {"total": 2, "processed": 2, "succeeded": 1, "failed": 0, "skipped": 1}
    }
  }
}
"#;

/// Returns a valid scenario with this many units, each of which is restored. It allows several kinds of fault.
pub(crate) fn large(units: u32) -> String {
    format!(
        r#"{{
  "format": 1,
  "title": "Many sets are restored",
  "clauses": ["COUNT-06"],
  "tenants": ["acme"],
  "actors": ["ada"],
  "grants": [{{"actor": "ada", "tenant": "acme", "may": "operate"}}],
  "objects": {{"set-{{1..{units}}}": "archived"}},
  "runs": [
    {{"name": "run", "tenant": "acme", "actor": "ada", "family": "backup_set.restore", "request": ["set-{{1..{units}}}"]}}
  ],
  "faults": {{"crash_before": 1, "redeliver": 1}},
  "expect": {{"run": {{"outcome": "succeeded"}}}}
}}
"#
    )
}

/// Sends a signal, such as `-INT`, to a child process.
#[cfg(unix)]
pub(crate) fn send(signal: &str, child: &Child) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(status.expect("`kill` can be started").success());
}

/// Interrupts a child process with a signal. A shell starts a background job with SIGINT ignored, and `nohup` ignores
/// SIGHUP. The child ignores such a signal as well, so SIGTERM takes its place.
#[cfg(unix)]
pub(crate) fn interrupt(signal: &str, child: &Child) {
    let number = match signal {
        "-HUP" => 1,
        "-INT" => 2,
        _ => return send(signal, child),
    };
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).map(str::trim);
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or_default();
    send(if ignored >> (number - 1) & 1 == 1 { "-TERM" } else { signal }, child);
}

/// The result of running the program.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Returns stdout as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Returns a command that runs the program from the root of the workspace.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_truecount"));
    command.current_dir(workspace()).stdin(Stdio::null());
    command
}

/// Returns the root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the program to its end, and checks that it neither panics nor is killed.
pub(crate) fn check<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let output = program().args(arguments).output().expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(!stderr.contains("panicked"), "{stderr}");
    let code = output.status.code().unwrap_or_else(|| panic!("killed: {}\n{stderr}", output.status));
    Run { code, stdout, stderr }
}

/// Runs the program with the arguments in `line`, which are separated by spaces.
pub(crate) fn check_line(line: &str) -> Run {
    check(line.split_whitespace())
}

/// Runs the program over the scenarios of a folder.
pub(crate) fn check_in(folder: &Path, line: &str) -> Run {
    let line = line.split_whitespace().map(OsStr::new);
    check(line.chain([OsStr::new("--scenarios-dir"), folder.as_os_str()]))
}

/// Returns a folder that contains these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a temporary file");
    }
    folder
}

/// Returns a text with the first occurrence of `from` replaced. The text must contain `from`.
pub(crate) fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1)
}
