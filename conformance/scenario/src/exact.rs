//! Checks whether final results may be stated exactly (section 11 of the contract).
//!
//! A run can end in several ways if a fault changes objects, limits may be exhausted, or another run works on the same
//! rows. Each final result must then be a list, even if only one value is possible. Only `total` and `processed` may
//! stay exact, because the plan does not change. The values themselves are not checked here.

use truecount_engine::counts::Key;
use truecount_engine::id::ObjectId;
use truecount_sim::fault::Fault;

use super::check::{Entry, ordered, refused};
use super::draft::Draft;
use super::expect::Stated;
use super::finding::Findings;
use super::format::OneOrSet;
use super::intern::Tables;
use super::rule;
use truecount_json::{Span, quoted};

/// Checks that a result is not stated exactly if faults or limits may change it.
pub(super) fn settled(entries: &[Entry<'_>], exhaust: bool, faults: &[Fault], findings: &mut Findings) {
    let why = match faults.iter().find(|fault| fault.changes_finals()) {
        Some(fault) => format!("the fault {} may change it", quoted(fault.name())),
        None if exhaust => "a limit may be reached because `exhaust_limits` is set".to_owned(),
        None => return,
    };
    for stated in entries.iter().flatten() {
        let every = |_: usize| true;
        for (span, value) in exact(stated, every) {
            findings
                .add(span, rule::EXACT_FINAL, format!("this value is exact, but {why}"))
                .expected("a list of all possible values")
                .help(format!("write a list that includes the other possible values: `[{value}, ...]`"));
        }
    }
}

/// Checks that a result is not stated exactly if another run on the same objects may change it.
pub(super) fn undisturbed(tables: &Tables<'_>, drafts: &[Draft<'_>], entries: &[Entry<'_>], findings: &mut Findings) {
    // For each object, the bit set of the runs that work on it and change rows. There are at most 64 runs.
    let mut at_work = vec![0_u64; tables.objects.len()];
    for (run, draft) in drafts.iter().enumerate() {
        // A refused request does no work.
        if draft.changes_rows() && !refused(entries, run) {
            for object in draft.units().unwrap_or_default() {
                at_work[object.index()] |= 1 << run;
            }
        }
    }
    for (run, (draft, entry)) in drafts.iter().zip(entries).enumerate() {
        let Some(stated) = entry else { continue };
        let rival = |other: &usize| *other != run && !ordered(drafts, run, *other);
        let rivals: u64 = (0..drafts.len()).filter(rival).map(|other| 1 << other).sum();
        let touched = |object: ObjectId| at_work[object.index()] & rivals;
        let units = draft.units().unwrap_or_default();
        let Some(first) = units.iter().copied().find(|object| touched(*object) != 0) else { continue };
        let Some(with) = drafts.get(touched(first).trailing_zeros() as usize) else { continue };
        let why = format!("{} also works on {}", quoted(with.name), quoted(tables.objects.name(first)));
        for (span, value) in exact(stated, |unit| touched(stated.expected.units[unit].0) != 0) {
            findings
                .add(span, rule::EXACT_SHARED, format!("this value is exact, but {why}"))
                .expected("a list of all possible values")
                .help(format!("write `[{value}, ...]`, or request one of the two runs `after` the other"));
        }
    }
}

/// Returns the span and the text of each outcome, count and chosen unit that is stated exactly. `chosen` is called with
/// the index of a unit in the expectation.
fn exact(stated: &Stated<'_>, chosen: impl Fn(usize) -> bool) -> Vec<(Span, String)> {
    let mut spans = Vec::new();
    if let Some(outcome) = stated.written.outcome.as_ref().and_then(OneOrSet::exact) {
        spans.push((stated.at.key("outcome").span(), in_quotes(outcome)));
    }
    let planned = [Key::Total, Key::Processed].map(Key::name);
    for (number, key, value) in stated.written.counts.iter() {
        if let Some(value) = value.exact()
            && !planned.contains(&key)
        {
            spans.push((stated.at.key("counts").nth(number).span(), value.to_string()));
        }
    }
    let Some(units) = &stated.written.units else { return spans };
    let at = stated.at.key("units");
    let mut keys: Vec<usize> =
        stated.unit_keys.iter().enumerate().filter(|(unit, _)| chosen(*unit)).map(|(_, key)| *key).collect();
    // A range of units gives only one finding.
    keys.sort_unstable();
    keys.dedup();
    let exact = |key: usize| units.0.get(key).and_then(|(_, ends)| ends.exact());
    spans.extend(keys.into_iter().filter_map(|key| Some((at.nth(key).span(), in_quotes(exact(key)?)))));
    spans
}

/// Returns a value in double quotes, as in a file.
fn in_quotes(word: &str) -> String {
    format!("\"{}\"", quoted(word).trim_matches('`'))
}
