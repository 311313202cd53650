//! Observed rows in words, and which part of a row earlier lines have already shown.

use std::collections::{BTreeMap, BTreeSet};

use truecount_engine::counts::Key;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::run::Status;
use truecount_engine::unit::Resolution;
use truecount_sim::trace::{Event, Seen};

/// A run's row, as observed.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Row {
    status: Status,
    counts: Seen,
    /// The values of other keys, and of values that do not fit into `counts`, by the number of the key.
    more: BTreeMap<u8, u64>,
}

impl Default for Row {
    /// Returns the row of a run that was just accepted.
    fn default() -> Self {
        Self { status: Status::Queued, counts: Seen::default(), more: BTreeMap::new() }
    }
}

/// The row of each run, as far as the lines of a trace have shown it.
#[derive(Debug, Default)]
pub(super) struct Rows {
    of_runs: BTreeMap<RunId, Row>,
    /// The runs for which a line of the present commit shows the row after the commit.
    shown: BTreeSet<RunId>,
    /// The units that the present commit counts.
    counted: BTreeSet<(RunId, UnitIx)>,
}

impl Rows {
    fn row(&mut self, run: RunId) -> &mut Row {
        self.of_runs.entry(run).or_default()
    }

    /// Returns whether the present commit has counted a unit.
    pub(super) fn counts(&self, run: RunId, unit: UnitIx) -> bool {
        self.counted.contains(&(run, unit))
    }

    /// Records an event, after its line was written.
    pub(super) fn take(&mut self, event: &Event) {
        match *event {
            Event::Started { run, phase: Some(_), .. } => self.row(run).status = Status::Running,
            Event::Planned { run, .. } => {
                self.shown.insert(run);
            }
            Event::Counted { run, unit, .. } => {
                self.shown.insert(run);
                self.counted.insert((run, unit));
            }
            Event::Resolved { run, resolution, .. } => {
                self.shown.insert(run);
                let counts = &mut self.row(run).counts;
                match resolution {
                    Resolution::Succeeded => counts.succeeded = counts.succeeded.saturating_add(1),
                    Resolution::Failed(_) => counts.failed = counts.failed.saturating_add(1),
                    Resolution::Skipped(_) => counts.skipped = counts.skipped.saturating_add(1),
                }
            }
            Event::Observed { run, status, counts, .. } => {
                self.shown.remove(&run);
                self.counted.retain(|(other, _)| *other != run);
                let row = self.row(run);
                (row.status, row.counts) = (status, counts);
            }
            Event::ObservedMore { run, key, value } => {
                self.row(run).more.insert(key, value);
            }
            _ => {}
        }
    }

    /// Returns the row after the commit to which an event belongs, as a phrase for the sentence about the event. `next`
    /// begins with the rest of the commit. The phrase is empty if the row is not observed.
    pub(super) fn now(&self, run: RunId, next: &[Event]) -> String {
        let observed = next.iter().position(|event| matches!(event, Event::Observed { run: of, .. } if *of == run));
        let Some(place) = observed else { return String::new() };
        let Event::Observed { status, counts, .. } = next[place] else { return String::new() };
        let before = self.of_runs.get(&run).map_or(Status::Queued, |row| row.status);
        let status = if status == before { String::new() } else { format!("{}, ", status.name()) };
        format!(", now {status}{}{}", processed_of_total(counts), others(run, &next[place + 1..]))
    }

    /// Returns whether an observation shows anything that no earlier line has shown. `next` holds the events that
    /// follow.
    pub(super) fn is_new(&self, run: RunId, status: Status, counts: Seen, next: &[Event]) -> bool {
        let first = Row::default();
        let row = self.of_runs.get(&run).unwrap_or(&first);
        let tallies = |counts: Seen| [counts.succeeded, counts.failed, counts.skipped];
        if tallies(counts) != tallies(row.counts) {
            return true;
        }
        let keys = |counts: Seen| (counts.total(), counts.processed());
        if self.shown.contains(&run) {
            return false;
        }
        status != row.status
            || keys(counts) != keys(row.counts)
            || more(run, next).any(|(key, value)| row.more.get(&key) != Some(&value))
    }
}

/// Returns the other values of an observation. `next` holds the events that follow it.
fn more(run: RunId, next: &[Event]) -> impl Iterator<Item = (u8, u64)> + '_ {
    next.iter().map_while(move |event| match *event {
        Event::ObservedMore { run: of, key, value } if of == run => Some((key, value)),
        _ => None,
    })
}

fn others(run: RunId, next: &[Event]) -> String {
    let others: Vec<String> = more(run, next).map(|(key, value)| key_value(key, value)).collect();
    if others.is_empty() { String::new() } else { format!(", {}", others.join(", ")) }
}

/// Returns a key with its value.
pub(super) fn key_value(key: u8, value: u64) -> String {
    match Key::ALL.get(usize::from(key)) {
        Some(key) => format!("{} {value}", key.name()),
        None => format!("an unknown key {value}"),
    }
}

/// Returns the values of a row, with each resolution that occurs. `next` holds the events that follow the observation.
pub(super) fn values(run: RunId, counts: Seen, next: &[Event]) -> String {
    if counts.present == 0 {
        return format!("no counts{}", others(run, next));
    }
    let tallies = [("succeeded", counts.succeeded), ("failed", counts.failed), ("skipped", counts.skipped)];
    let tallies = tallies.iter().filter(|(_, units)| *units > 0).map(|(name, units)| format!("{units} {name}"));
    let tallies: Vec<String> = tallies.collect();
    let tallies = if tallies.is_empty() { String::new() } else { format!(" ({})", tallies.join(", ")) };
    format!("{}{tallies}{}", processed_of_total(counts), others(run, next))
}

/// Returns `processed` and `total`, with `?` for an absent key.
pub(super) fn processed_of_total(counts: Seen) -> String {
    let known = |value: Option<u32>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
    format!("{} of {}", known(counts.processed()), known(counts.total()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use truecount_engine::id::{Fence, JobId};

    const RUN: RunId = RunId(0);

    fn observed(status: Status, total: u32, processed: u32, succeeded: u32) -> Event {
        let counts = Seen { present: 7, total, processed, succeeded, ..Seen::default() };
        Event::Observed { run: RUN, version: 1, status, counts }
    }

    fn is_new(rows: &Rows, event: Event, next: &[Event]) -> bool {
        let Event::Observed { run, status, counts, .. } = event else { panic!("not an observation: {event:?}") };
        rows.is_new(run, status, counts, next)
    }

    #[test]
    fn only_what_no_line_has_shown_is_new() {
        let mut rows = Rows::default();
        let (job, fence, unit, worker) = (JobId(0), Fence(1), UnitIx(0), 0);
        let queued = Event::Observed { run: RUN, version: 0, status: Status::Queued, counts: Seen::default() };
        assert!(!is_new(&rows, queued, &[]), "the line that accepts the run shows that it is queued");
        rows.take(&queued);
        let sealed = observed(Status::Running, 2, 0, 0);
        assert!(is_new(&rows, sealed, &[]), "no line shows the total");
        rows.take(&Event::Planned { run: RUN, units: 2, digest: 0, job, fence });
        assert_eq!(rows.now(RUN, &[sealed]), ", now running, 0 of 2");
        assert!(!is_new(&rows, sealed, &[]));
        rows.take(&sealed);

        rows.take(&Event::Counted { run: RUN, unit, job, fence, worker });
        assert!(rows.counts(RUN, unit));
        let resolution = Resolution::Succeeded;
        rows.take(&Event::Resolved { run: RUN, unit, resolution, job, fence, worker });
        assert_eq!(rows.now(RUN, &[observed(Status::Running, 2, 1, 1)]), ", now 1 of 2");
        assert!(!is_new(&rows, observed(Status::Running, 2, 1, 1), &[]));
        assert!(is_new(&rows, observed(Status::Running, 2, 1, 0), &[]), "the resolution is missing from the tally");
        assert!(is_new(&rows, observed(Status::Running, 2, 1, 2), &[]), "the tally has a resolution too many");
        rows.take(&observed(Status::Running, 2, 1, 1));
        assert!(!rows.counts(RUN, unit), "the commit has ended");
        assert!(!is_new(&rows, observed(Status::Running, 2, 1, 1), &[]));
        for changed in [(Status::Completed, 2, 1), (Status::Running, 3, 1), (Status::Running, 2, 0)] {
            assert!(is_new(&rows, observed(changed.0, changed.1, changed.2, 1), &[]), "{changed:?}");
        }
    }

    #[test]
    fn other_keys_are_shown_with_the_row() {
        let mut rows = Rows::default();
        let row = observed(Status::Running, 2, 0, 0);
        rows.take(&row);
        let more = |value| Event::ObservedMore { run: RUN, key: Key::Deleted as u8, value };
        assert!(is_new(&rows, row, &[more(1)]));
        rows.take(&more(1));
        assert!(!is_new(&rows, row, &[more(1)]) && is_new(&rows, row, &[more(2)]));
        let Event::Observed { counts, .. } = observed(Status::Running, 3, 2, 1) else { unreachable!() };
        let counts = Seen { failed: 1, ..counts };
        assert_eq!(values(RUN, counts, &[more(2)]), "2 of 3 (1 succeeded, 1 failed), deleted 2");
        assert_eq!(values(RUN, Seen::default(), &[]), "no counts");
        assert_eq!(rows.now(RUN, &[row, more(2)]), ", now 0 of 2, deleted 2");
    }
}
