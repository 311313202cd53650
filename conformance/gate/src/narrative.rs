//! A simulation in words: one numbered line for each event that matters to a reader.
//!
//! This module does not depend on clauses. The caller marks the line that violates a clause.

mod concern;
mod detail;
mod row;
mod sentence;

use truecount_engine::id::{RunId, UnitIx};
use truecount_sim::trace::Event;

use concern::concern;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// One line of a trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The number of the event, from 1.
    pub event: u64,
    /// Simulated time, in milliseconds.
    pub at_ms: u64,
    /// The sentence for the event.
    pub text: String,
    /// The run that the event concerns.
    run: Option<RunId>,
    /// The unit that the event concerns.
    unit: Option<UnitIx>,
    /// Whether the event counts a unit.
    counts: bool,
    /// Whether the line is part of every trace, like the line for a fault or for the end of faults.
    always: bool,
}

/// One event in words. Events that a trace omits are included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventWords {
    /// The digest by which two processes compare the event.
    pub digest: u64,
    /// The event itself, field by field, in `Debug` format.
    pub raw: String,
    /// The sentence in a trace; `None` if a trace omits the event.
    pub sentence: Option<String>,
}

impl EventWords {
    /// Returns the sentence, followed by the event itself.
    pub fn words(&self) -> String {
        self.sentence.as_ref().map_or_else(|| self.raw.clone(), |sentence| format!("{sentence} [{}]", self.raw))
    }
}

/// Returns each event in words, in order.
pub(crate) fn event_words(
    scenario: &Scenario,
    reference: &Reference,
    workers: u16,
    events: &[Event],
) -> Vec<EventWords> {
    let mut narrator = sentence::Narrator::new(scenario, reference, workers);
    let words = |(place, event): (usize, &Event)| {
        let line = narrator.line(event, events.get(place + 1..).unwrap_or_default());
        narrator.take(event);
        EventWords { digest: event.digest(), raw: format!("{event:?}"), sentence: line.map(|line| line.text) }
    };
    events.iter().enumerate().map(words).collect()
}

/// A simulation in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Narrative {
    /// The lines, in order.
    pub lines: Vec<Line>,
}

impl Narrative {
    /// Returns the trace of a simulation with this number of workers. `violation` is the number of the event that
    /// violated a clause, counted from 1. The trace has a line for this event, even if it omits other events of the
    /// same kind.
    pub fn new(
        scenario: &Scenario,
        reference: &Reference,
        workers: u16,
        events: &[Event],
        violation: Option<u64>,
    ) -> Self {
        let mut narrator = sentence::Narrator::new(scenario, reference, workers);
        let mut lines = Vec::new();
        for (number, event) in (1..).zip(events) {
            let next = usize::try_from(number).map_or(&[][..], |place| events.get(place..).unwrap_or_default());
            let line = if violation == Some(number) {
                Some(narrator.violation(event, next))
            } else {
                narrator.line(event, next)
            };
            lines.extend(line.map(|line| Line { event: number, ..line }));
            narrator.take(event);
        }
        Self { lines }
    }

    /// Appends a line for each run that has not completed.
    pub(crate) fn and_still(&mut self, scenario: &Scenario, events: &[Event]) {
        let mut names: Vec<(RunId, &str)> = Vec::new();
        let mut at_ms = 0;
        for event in events {
            match *event {
                Event::Advanced { to } => at_ms = to.0,
                Event::Enqueued { run, request, .. } => {
                    names.push((run, scenario.names.runs.get(request.0 as usize).map_or("a run", String::as_str)));
                }
                Event::Completed { run, .. } => names.retain(|(other, _)| *other != run),
                _ => {}
            }
        }
        let event = events.len() as u64;
        self.lines.extend(names.into_iter().map(|(run, name)| Line {
            event,
            at_ms,
            text: format!("{name} has not completed"),
            run: Some(run),
            unit: None,
            counts: false,
            always: true,
        }));
    }

    /// Returns the lines that led to an event: the lines about its run and its unit, and the lines about faults. The
    /// last line is about the event itself.
    #[must_use]
    pub(crate) fn leading_to(&self, at: u64, event: &Event) -> Self {
        let (run, unit) = concern(event).named();
        let concerns = |line: &&Line| {
            let of_run = line.run.is_none_or(|other| run.is_none_or(|run| run == other));
            // Other units are omitted, except for the events that count them. Without these events, the count would
            // seem to jump.
            let of_unit = line.counts || line.unit.is_none_or(|other| unit.is_none_or(|unit| unit == other));
            line.event <= at && (line.always || of_run && of_unit)
        };
        Self { lines: self.lines.iter().filter(concerns).cloned().collect() }
    }

    /// Writes the lines with their numbers and times. If there are more than `most` lines, the middle is omitted.
    /// `mark` is an event number and a text. The text is appended to the last line at or before that event.
    pub fn write(&self, most: usize, mark: Option<(u64, &str)>) -> String {
        let marked = mark.and_then(|(at, _)| self.lines.iter().rposition(|line| line.event <= at));
        let width = self.lines.last().map_or(1, |line| line.at_ms.to_string().len());
        let number_width = self.lines.len().to_string().len();
        let mut text = String::new();
        let head = most / 4;
        let cut = self.lines.len().saturating_sub(most);
        for (place, line) in self.lines.iter().enumerate() {
            if cut > 0 && (head..head + cut).contains(&place) {
                if place == head {
                    let lines = if cut == 1 { "line" } else { "lines" };
                    text.push_str(&format!("  … {cut} {lines} omitted; `replay` prints the whole trace\n"));
                }
                continue;
            }
            let mark =
                mark.filter(|_| marked == Some(place)).map_or(String::new(), |(_, mark)| format!("   <- {mark}"));
            let (number, at_ms) = (place + 1, line.at_ms);
            text.push_str(&format!("  {number:>number_width$}. {at_ms:>width$} ms  {}{mark}\n", line.text));
        }
        text
    }
}

#[cfg(test)]
mod tests;
