//! The vectors as files for other implementations. Each case is complete in itself, and a manifest lists the digest of
//! each file.
//!
//! A file is written under a temporary name and then renamed, so that no reader finds an incomplete file. The manifest
//! is renamed last. Until then, its temporary file marks the folder as a folder of vectors.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{CaseFile, CaseText, written};
use crate::contract::prose;
use crate::digest::sha256;
use truecount_json::disk;
use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, Step, from_node, read_bytes, read_document};

/// The format of the manifest and of the files that it lists.
pub const FORMAT: &str = "truecount-vectors/1";

/// The common prefix of the formats of all versions.
const FORMATS: &str = "truecount-vectors/";

/// The version of the rules by which inputs and expectations are read. `CONTRIBUTING.md` lists these rules. The version
/// is raised if an unchanged file would be read differently under new rules.
pub(crate) const INTERPRETATION: u32 = 1;

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// The list of published files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    /// The version of the contract.
    pub contract: u32,
    /// The SHA-256 of the contract's `requirements.json`.
    pub spec_sha256: String,
    /// The version of the rules by which cases are read.
    pub interpretation: u32,
    /// The files in the same folder.
    pub files: Vec<Listed>,
}

/// A file in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub name: String,
    /// The function that its cases test.
    pub function: String,
    /// The number of cases in it.
    pub cases: u64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

impl Manifest {
    /// Returns the number of cases in all files.
    pub fn cases(&self) -> u64 {
        self.files.iter().map(|file| file.cases).sum()
    }
}

/// The reason why vectors are not written.
#[derive(Debug)]
pub enum Unwritten {
    /// The folder contains other files, which would be lost.
    Foreign(Problem),
    /// A file cannot be read or written.
    Failed(Problem),
}

impl From<Problem> for Unwritten {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

/// Returns the manifest and the texts of the files, in the order of the manifest.
///
/// # Errors
///
/// Returns a problem in one of our own vector files, which is an internal error.
pub fn published() -> Result<(Manifest, Vec<String>), Problem> {
    let files = written()?;
    let texts: Vec<String> = files.iter().map(text).collect();
    let list = |(file, text): (&CaseFile, &String)| Listed {
        name: format!("{}.json", file.function),
        function: file.function.to_owned(),
        cases: file.cases.len() as u64,
        sha256: sha256(text.as_bytes()),
    };
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        contract: prose::prose().contract,
        spec_sha256: prose::digest(),
        interpretation: INTERPRETATION,
        files: files.iter().zip(&texts).map(list).collect(),
    };
    Ok((manifest, texts))
}

/// Returns the text of a file. Inputs and expectations stay as their author wrote them; in particular, numbers are not
/// reformatted.
fn text(file: &CaseFile) -> String {
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let function = quote(file.function);
    let contract = prose::prose().contract;
    let case = |case: &CaseText| {
        let CaseText { id, clauses, title, input, expect } = case;
        let clauses: Vec<String> = clauses.iter().map(|id| quote(id)).collect();
        let (id, title, clauses) = (quote(id), quote(title), clauses.join(", "));
        format!(
            "    {{\n      \"id\": {id},\n      \"contract\": {contract},\n      \"clauses\": [{clauses}],\n      \
             \"title\": {title},\n      \"function\": {function},\n      \"input\": {input},\n      \"expect\": {expect}\n    }}"
        )
    };
    let cases: Vec<String> = file.cases.iter().map(case).collect();
    format!(
        "{{\n  \"format\": \"{FORMAT}\",\n  \"function\": {function},\n  \"cases\": [\n{}\n  ]\n}}\n",
        cases.join(",\n")
    )
}

/// Writes the vectors to a folder, which is created if it does not exist. A folder with vectors is updated.
///
/// # Errors
///
/// Returns an error if the folder contains other files, or if a file cannot be read or written.
pub fn write(folder: &Path) -> Result<Manifest, Unwritten> {
    let (manifest, texts) = published()?;
    let before = owned(folder)?;
    fs::create_dir_all(folder).map_err(|error| Problem::unwritable(folder.display().to_string(), &error))?;
    // If the process is killed after this point, the mark remains, and a later process can continue.
    let mark = disk::stage(&folder.join(MANIFEST), format!("{}\n", pretty(&manifest)))?;
    for (file, text) in manifest.files.iter().zip(texts) {
        disk::replace(&folder.join(&file.name), &text)?;
    }
    disk::rename(&mark, &folder.join(MANIFEST))?;
    let current: BTreeSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    // Files of an earlier version that are no longer written are removed. A program that lists the folder would
    // otherwise mistake them for current vectors.
    for name in before.iter().filter(|name| is_plain(name) && *name != MANIFEST && !current.contains(name.as_str())) {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Problem::unwritable(path.display().to_string(), &error).into());
            }
            _ => {}
        }
    }
    Ok(manifest)
}

/// Reads a folder of vectors and returns its manifest if every file is as the manifest states.
///
/// # Errors
///
/// Returns the problem of the first file that differs.
pub fn check(folder: &Path) -> Result<Manifest, Problem> {
    let path = folder.join(MANIFEST);
    let shown = path.display().to_string();
    let manifest = read(&path)?;
    let wrong = |rule, message: String| Problem::in_file(rule, shown.clone(), message);
    if manifest.spec_sha256 != prose::digest() || manifest.contract != prose::prose().contract {
        let message = "the contract of the vectors differs from the contract in this program".to_owned();
        return Err(wrong("other-contract", message)
            .expected(format!("spec_sha256 {}", prose::digest()))
            .help("write the vectors again with `truecount spec --vectors DIR`"));
    }
    if manifest.interpretation != INTERPRETATION {
        let message = format!("interpretation {} is not supported", manifest.interpretation);
        return Err(wrong("unknown-format", message).expected(format!("interpretation {INTERPRETATION}")));
    }
    if manifest.cases() == 0 {
        return Err(wrong("no-cases", "the manifest lists no cases, so nothing would be checked".to_owned()));
    }
    for file in &manifest.files {
        if !is_plain(&file.name) {
            return Err(wrong(
                "file-name",
                format!("`{}` is not a valid name for a file in the folder of the manifest", file.name),
            ));
        }
        check_file(&folder.join(&file.name), file)?;
    }
    Ok(manifest)
}

#[derive(Deserialize)]
struct Counted {
    function: String,
    cases: Vec<serde::de::IgnoredAny>,
}

fn check_file(path: &Path, file: &Listed) -> Result<(), Problem> {
    let shown = path.display().to_string();
    let bytes = read_bytes(path, &shown, Limits::VECTORS.bytes)?;
    let digest = sha256(&bytes);
    if digest != file.sha256 {
        let message = format!("the file has the SHA-256 {digest}, so it is not the published file");
        return Err(Problem::in_file("digest-differs", shown, message)
            .expected(format!("SHA-256 {}", file.sha256))
            .help("write the vectors again with `truecount spec --vectors DIR`"));
    }
    let counted = serde_json::from_slice::<Counted>(&bytes).ok();
    if !counted.is_some_and(|read| read.function == file.function && read.cases.len() as u64 == file.cases) {
        let (cases, function) = (file.cases, &file.function);
        let message = "the content of the file differs from its entry in the manifest".to_owned();
        let expected = format!("function `{function}`, number of cases {cases}");
        return Err(Problem::in_file("other-cases", shown, message).expected(expected));
    }
    Ok(())
}

/// Returns the names of the files that the folder's manifest lists. The list is empty if the folder does not exist or
/// is empty.
fn owned(folder: &Path) -> Result<Vec<String>, Unwritten> {
    let unreadable = |error: io::Error| Problem::unreadable(folder.display().to_string(), &error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error).into()),
    };
    let manifest = folder.join(MANIFEST);
    let mark = disk::staged(&manifest);
    let mut something = false;
    for entry in entries {
        // A mark does not count as content, even if it is incomplete.
        something |= entry.map_err(unreadable)?.path() != mark;
    }
    let ours = [manifest, mark].iter().find_map(|path| {
        let document = open(path).ok()?;
        format_of(&document).is_some_and(|format| format.starts_with(FORMATS)).then_some(document)
    });
    match ours {
        // The manifest of a later format cannot be read, so files that exist only in that format are not removed.
        Some(document) => {
            let files = document.deserialize::<Manifest>().map_or_else(|_| Vec::new(), |manifest| manifest.files);
            Ok(files.into_iter().map(|file| file.name).collect())
        }
        None if !something => Ok(Vec::new()),
        None => {
            let message = format!("the folder is not empty and contains no truecount `{MANIFEST}`");
            let problem = Problem::in_file("foreign-folder", folder.display().to_string(), message);
            Err(Unwritten::Foreign(problem.help("choose a new or empty folder, or a folder of truecount vectors")))
        }
    }
}

fn open(path: &Path) -> Result<Document, Problem> {
    // The first problem suffices: a manifest that this program wrote has no problems.
    read_document(path, &path.display().to_string(), &Limits::SCENARIO).map_err(|mut problems| problems.swap_remove(0))
}

fn format_of(document: &Document) -> Option<String> {
    from_node(document.root().at(&[Step::Key("format")])?).ok()
}

fn read(path: &Path) -> Result<Manifest, Problem> {
    let document = open(path)?;
    // The format is checked before the fields, because a different format may have other keys.
    match format_of(&document) {
        Some(format) if format != FORMAT => {
            let message = format!("the format `{format}` is not supported");
            let problem = Problem::in_file("unknown-format", path.display().to_string(), message);
            Err(problem.expected(format!("`{FORMAT}`")))
        }
        _ => document.deserialize(),
    }
}

/// Returns whether a name denotes a file directly in the folder of the manifest.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let first = parts.next();
    matches!(first, Some(Component::Normal(part)) if part == name) && parts.next().is_none()
}

fn pretty(manifest: &Manifest) -> String {
    serde_json::to_string_pretty(manifest).expect("a manifest serialises to JSON")
}
