//! A judge for each function that has vectors. It reads a case, calls the function and compares the result with the
//! expectation.
//!
//! A mistake in a case is reported as a [`Fault`], and the case is then not counted as failed. This module does not
//! depend on files, ids or clauses.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use truecount_engine::counts::{Counts, Key, Raw};
use truecount_engine::family::FamilyId;
use truecount_engine::id::ObjectId;
use truecount_engine::index::ix;
use truecount_engine::mode::Mode;
use truecount_engine::plan::Input;
use truecount_engine::progress::Progress;
use truecount_engine::run::{Outcome, Status};

use super::word::Word;
use super::{CaseResult, Engine};
use truecount_json::{Fault, Limits, Node, Value, from_node, parse_text};

/// A function that has vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Function {
    Normalise,
    Progress,
    Plan,
    Outcome,
    Families,
}

impl Function {
    /// Judges one case.
    ///
    /// # Errors
    ///
    /// Returns a fault if the type of the input or of the expectation does not fit the function.
    pub(super) fn judge(
        self,
        engine: &Engine,
        input: &'static Node,
        expect: &'static Node,
    ) -> Result<CaseResult, Fault> {
        match self {
            Self::Normalise => normalise(engine, input, expect),
            Self::Progress => progress(engine, input, expect),
            Self::Plan => plan(engine, input, expect),
            Self::Outcome => outcome(engine, input, expect),
            Self::Families => families(engine, input, expect),
        }
    }
}

/// Compares a result with the expected one.
fn compare<T: PartialEq + Serialize>(expected: &T, actual: &T) -> CaseResult {
    if expected == actual {
        return CaseResult::Passed;
    }
    let written = |value| serde_json::to_string(value).expect("a result serialises to JSON");
    CaseResult::Failed { expected: written(expected), actual: written(actual) }
}

/// The input is a string that contains JSON. Two points are tested here: how a number is read, and which of two equal
/// keys applies. If the JSON were part of the file itself, the file's reader would decide both. With
/// [`Limits::VECTORS`], the parser keeps only the last of several equal keys, and the engine receives the remaining
/// entries.
fn normalise(engine: &Engine, input: &Node, expect: &Node) -> Result<CaseResult, Fault> {
    let text: String = from_node(input)?;
    let tree = parse_text(&text, &Limits::VECTORS).map_err(|fault| Fault {
        rule: "vector-input",
        span: input.span,
        message: format!("the text is not JSON: {}", fault.message),
        expected: fault.expected,
        help: fault.help,
    })?;
    let entries: Vec<(&str, Raw<'_>)> = match &tree.value {
        Value::Object(members) => {
            members.iter().map(|member| (member.key.as_str(), raw(&member.value.value))).collect()
        }
        // A value that is not an object has no entries.
        _ => Vec::new(),
    };
    let expected: BTreeMap<String, u64> = from_node(expect)?;
    Ok(compare(&expected, &(engine.normalise)(&entries)))
}

fn raw(value: &Value) -> Raw<'_> {
    match value {
        Value::Number(literal) => Raw::Number(literal),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) | Value::Lost => {
            Raw::Other
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgressInput {
    family: Word<FamilyId>,
    status: Word<Status>,
    outcome: Option<Word<Outcome>>,
    phase: Option<&'static str>,
    /// Stored counts are normalised (KEYS-05), so a key that is not a summary key is a mistake in the case.
    counts: BTreeMap<Word<Key>, u64>,
}

/// A [`Progress`] as written in vector files.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Shown<'a> {
    None,
    Queued,
    Activity,
    Phased(&'a str),
    Counted { processed: u64, total: u64, percent: u8 },
    Terminal(Word<Outcome>),
}

impl From<Progress> for Shown<'static> {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::None => Self::None,
            Progress::Queued => Self::Queued,
            Progress::Activity => Self::Activity,
            Progress::Phased(label) => Self::Phased(label),
            Progress::Counted { processed, total, percent } => Self::Counted { processed, total, percent },
            Progress::Terminal(outcome) => Self::Terminal(Word(outcome)),
        }
    }
}

fn progress(engine: &Engine, input: &'static Node, expect: &'static Node) -> Result<CaseResult, Fault> {
    let input: ProgressInput = from_node(input)?;
    let counts: Counts = input.counts.into_iter().map(|(Word(key), value)| (key, value)).collect();
    let outcome = input.outcome.map(|Word(outcome)| outcome);
    let shown = (engine.progress)(input.family.0, input.status.0, outcome, input.phase, &counts);
    Ok(compare(&from_node(expect)?, &Shown::from(shown)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanInput<'a> {
    family: Word<FamilyId>,
    #[serde(borrow)]
    requested: Vec<&'a str>,
    /// The objects that the request's options exclude.
    #[serde(borrow, default)]
    excluded: Vec<&'a str>,
}

fn plan(engine: &Engine, input: &'static Node, expect: &'static Node) -> Result<CaseResult, Fault> {
    let PlanInput { family: Word(family), requested, excluded }: PlanInput<'_> = from_node(input)?;
    let expected: Vec<&str> = from_node(expect)?;
    // A sorted plan is sorted by id, so ids are assigned in the order of names.
    let names: BTreeSet<&str> = requested.iter().chain(&excluded).copied().collect();
    let names: Vec<&str> = names.into_iter().collect();
    let id = |name: &&str| {
        let index = names.binary_search(name).unwrap_or_else(|_| unreachable!("the list contains every name"));
        ObjectId(ix(index))
    };
    let input = Input { objects: requested.iter().map(id).collect(), excluded: excluded.iter().map(id).collect() };
    let Some(keys) = (engine.plan)(family, &input) else {
        return Ok(CaseResult::NotEvaluable(format!("this engine does not run {} yet", family.name())));
    };
    // A plan must not contain an object that was not requested. Such an object appears in the result under the name
    // below.
    let name = |key: &ObjectId| names.get(key.index()).copied().unwrap_or("(not requested)");
    Ok(compare(&expected, &keys.iter().map(name).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeInput {
    run_failed: bool,
    succeeded: u64,
    failed: u64,
    skipped: u64,
}

fn outcome(engine: &Engine, input: &Node, expect: &Node) -> Result<CaseResult, Fault> {
    let OutcomeInput { run_failed, succeeded, failed, skipped } = from_node(input)?;
    let expected: Word<Outcome> = from_node(expect)?;
    Ok(compare(&expected, &Word((engine.outcome)(run_failed, succeeded, failed, skipped))))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FamiliesInput<'a> {
    /// The mode of the family with this name.
    Family(&'a str),
    /// A complete list, in any order.
    List(List),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum List {
    Families,
    CountedFamilies,
    SummaryKeys,
}

fn families(engine: &Engine, input: &'static Node, expect: &'static Node) -> Result<CaseResult, Fault> {
    let actual = match from_node(input)? {
        FamiliesInput::Family(name) => {
            let expected: Option<Word<Mode>> = from_node(expect)?;
            return Ok(compare(&expected, &(engine.mode)(name).map(Word)));
        }
        FamiliesInput::List(List::Families) => (engine.families)(),
        FamiliesInput::List(List::SummaryKeys) => (engine.keys)(),
        FamiliesInput::List(List::CountedFamilies) => {
            let counted = |name: &&str| (engine.mode)(name) == Some(Mode::Counted);
            (engine.families)().into_iter().filter(counted).collect()
        }
    };
    let expected: BTreeSet<&str> = from_node(expect)?;
    Ok(compare(&expected, &actual.into_iter().collect()))
}
