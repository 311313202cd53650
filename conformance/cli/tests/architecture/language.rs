//! The words that no text of the workspace may use, because the field or this project has a different term.
//!
//! A word is a sequence of letters, in upper or lower case, on its own or within an identifier.

use std::fs;
use std::path::Path;

use crate::source::{Finding, root, words};

/// Words that are refused, with their replacements.
const REFUSED: [(&str, &str); 30] = [
    ("play plays played playing player", "simulation, simulate"),
    ("strike strikes striking struck bend bends bending bent", "inject, injected fault"),
    ("deviation deviations", "decision"),
    ("goal goals", "sometimes assertion"),
    ("story stories teller", "trace"),
    ("tell tells telling told untold", "report, print, show, state"),
    ("keeper keepers", "checkpoint"),
    ("rig rigs", "runner"),
    ("stray strays", "orphaned unit"),
    ("stranger strangers", "unplanned unit"),
    ("bury buries buried", "abandon"),
    ("restless alarmed", "not converged, violation"),
    ("unsteady", "nondeterministic"),
    ("mend mends mended mending twin twins", "fix, fixed variant"),
    ("witness witnesses witnessed", "event sink, checker"),
    ("somebody nobody anybody everybody whoever", "the name of the component or the actor"),
    ("answer answers answered answering unanswered", "response (of a provider), reply (of storage, to a client)"),
    ("hear hears heard hearing speak speaks speaking heed heeds", "get, take, state"),
    ("retriable", "retryable"),
    ("manieth", "occurrence"),
    ("broke broken unbroken breaks", "violated, faulty, malformed"),
    ("cry cries cried", "violated"),
    ("caught", "killed (a mutant)"),
    ("prove proves proved proven", "exhausted, tested, show"),
    ("shrunk", "minimised"),
    ("hunt hunts hunted hunting", "search"),
    ("slip slips slipped", "mistake"),
    ("brief briefs shelf shelves rooms", "reference, artifact store, buffers"),
    ("anew", "again"),
    ("calm calms calmed", "without faults"),
];

/// Sequences of words that are refused, with their replacements.
const PHRASES: [(&str, &str); 27] = [
    ("knows no", "independent of"),
    ("knows nothing", "independent of"),
    ("the world says", "the provider responds"),
    ("world could say", "could respond"),
    ("goes on", "continues"),
    ("go on", "continue, resume"),
    ("going on", "continuing"),
    ("same twice", "deterministic"),
    ("in vain", "without a reply"),
    ("turned down", "fenced off"),
    ("leave away", "omit"),
    ("leaves away", "omits"),
    ("left away", "omitted"),
    ("take away", "remove"),
    ("takes away", "removes"),
    ("comes by", "hits"),
    ("own sources", "source-level checks of this repository"),
    ("make no sense", "are a usage error, are not valid here"),
    ("makes no sense", "is not valid here"),
    ("definite word", "definite response"),
    ("the pruning", "the retention job"),
    ("gets the job", "takes the job, leases the job"),
    ("is no name", "is not a valid name"),
    ("is no range", "is not a valid range"),
    ("defect of the harness", "internal error"),
    ("later lease", "newer lease"),
    ("too often", "exceeded its delivery limit"),
];

/// Words that the vocabulary replaces in one of their meanings. They are not refused, since they may still be used with
/// another meaning, which is stated here.
const OTHER_MEANINGS: [(&str, &str); 14] = [
    ("act", "`Acts`: what may happen at any moment of an exploration"),
    ("decision", "a decision in a schedule, not a rule of the engine"),
    ("effect", "the type `Effect`; in prose, side effect"),
    ("escaped", "a character of JSON"),
    ("kept", "not removed"),
    ("least", "at least"),
    ("nothing", "an empty value"),
    ("print", "output"),
    ("profile", "families and limits, and a build profile"),
    ("quiet", "the number of seeds that reached nothing new"),
    ("reached", "a bound or a state"),
    ("smaller", "lower in size or value"),
    ("way", "a manner"),
    ("world", "the type `World`"),
];

/// Texts in which a refused word is part of a name that cannot change, since seeds, formats or the standard library
/// depend on it.
const NAMES: [&str; 7] = [
    "(\"stranger\")",
    "reorder stranger archive",
    "own(\"calm\")",
    "`calm`",
    "`grant-for-nobody`",
    "`never-heard`",
    "ErrorKind::BrokenPipe",
];

/// Files that are not searched: this file, generated files, and the contract, whose text is decided elsewhere.
const EXEMPT: [&str; 4] = [
    "conformance/cli/tests/architecture/language.rs",
    "conformance/spec/contract.md",
    "conformance/spec/matrix.json",
    "conformance/spec/requirements.json",
];

/// The extensions of the files that are searched.
const TEXTS: [&str; 5] = ["rs", "md", "snap", "json", "toml"];

/// No text uses a refused word.
pub(crate) fn refused_words() -> Vec<Finding> {
    let mut findings = Vec::new();
    each_text(&root(), "", &mut |path, text| {
        if !EXEMPT.contains(&path) {
            for (line, message) in refused(text) {
                findings.push(Finding::at(path, line, message));
            }
        }
    });
    findings
}

/// Returns the words of [`OTHER_MEANINGS`] that no text uses any more. They should be refused.
pub(crate) fn unused_meanings() -> Vec<&'static str> {
    let mut unused: Vec<&str> = OTHER_MEANINGS.iter().map(|(word, _)| *word).collect();
    each_text(&root(), "", &mut |path, text| {
        if !unused.is_empty() && !EXEMPT.contains(&path) {
            let used = text.lines().flat_map(words).collect::<Vec<_>>();
            unused.retain(|word| !used.iter().any(|other| other == word || *other == format!("{word}s")));
        }
    });
    unused
}

/// Returns the line and the message for each refused word in a text.
fn refused(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let mut line = line.to_owned();
        for name in NAMES {
            line = line.replace(name, " ");
        }
        let words = words(&without_ids(&line));
        for word in &words {
            if let Some((_, say)) = REFUSED.iter().find(|(list, _)| list.split(' ').any(|other| other == word)) {
                found.push((place + 1, format!("the word `{word}` is refused; use one of: {say}")));
            }
        }
        let joined = format!(" {} ", words.join(" "));
        for (phrase, say) in PHRASES {
            if joined.contains(&format!(" {phrase} ")) {
                found.push((place + 1, format!("the phrase `{phrase}` is refused; use one of: {say}")));
            }
        }
    }
    found
}

/// Returns a line without scenario ids and paths, such as `restore/stranger`. An id cannot change, since seeds depend
/// on it.
fn without_ids(line: &str) -> String {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '/' | '.' | '#');
    line.split_inclusive(|character| !is_part(character))
        .filter(|piece| !piece.trim_end_matches(|character| !is_part(character)).trim_matches('/').contains('/'))
        .collect()
}

/// Passes the path and the content of each text of the workspace to `visit`, in path order.
fn each_text(folder: &Path, below: &str, visit: &mut impl FnMut(&str, &str)) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry of a folder").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if path.is_dir() {
            // These folders are generated or belong to other projects.
            if !name.starts_with('.') && !matches!(&*shown, "target" | "fuzz/target" | "fuzz/corpus" | "mutants.out") {
                each_text(&path, &shown, visit);
            }
        } else if path.extension().is_some_and(|end| TEXTS.iter().any(|text| end == *text)) {
            // Invalid scenario files may contain any bytes.
            visit(&shown, &String::from_utf8_lossy(&fs::read(&path).expect("a file of the workspace")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_words_are_found_in_comments_names_and_phrases() {
        for (text, line) in [
            ("// It plays a seed.", 1),
            ("\nfn told_schedule() {}", 2),
            ("struct BrokenStore;", 1),
            ("let on_answer = NOBODY;", 1),
            ("//! Knows no clock.", 1),
            ("what is left goes on", 1),
        ] {
            assert_eq!(refused(text).first().map(|(line, _)| *line), Some(line), "{text}");
        }
    }

    #[test]
    fn other_words_ids_and_fixed_names_are_not_found() {
        for text in [
            "display a replay, bendable",
            "check restore/stranger small/answered-late",
            "the file `scenarios/pack/every-answer.json`",
            "UnplannedUnit \"unplanned_unit\" (\"stranger\") Unit",
            "it goes once",
        ] {
            assert_eq!(refused(text), Vec::new(), "{text}");
        }
    }

    #[test]
    fn a_finding_has_the_replacement() {
        let message = "the word `goal` is refused; use one of: sometimes assertion".to_owned();
        assert_eq!(refused("a goal"), [(1, message)]);
    }
}
