//! Sentences for events that a trace omits unless they violate a clause.

use truecount_engine::family::family;
use truecount_engine::id::RunId;
use truecount_engine::run::{Outcome, Status};
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::trace::{Event, Seen};

use super::Line;
use super::row::{key_value, values};
use super::sentence::Narrator;

/// Returns what the next observation of a run shows, and the events after it.
fn observed(run: RunId, next: &[Event]) -> Option<(Seen, &[Event])> {
    next.iter().enumerate().find_map(|(place, event)| match *event {
        Event::Observed { run: of, counts, .. } if of == run => Some((counts, &next[place + 1..])),
        _ => None,
    })
}

impl Narrator<'_> {
    /// Returns the line for an event that violates a clause. Unlike [`Self::line`], this function returns a line for
    /// every event, and the line of an observation or a terminal write shows the values.
    pub(super) fn violation(&self, event: &Event, next: &[Event]) -> Line {
        let Some(mut line) = self.line(event, next) else { return self.worded(event, self.detail(event, next)) };
        if let Event::Completed { run, .. } = *event
            && let Some((counts, after)) = observed(run, next)
        {
            line.text.push_str(&format!(", at {}", values(run, counts, after)));
        }
        line
    }

    /// Returns the sentence for an observation of a run that has not completed.
    pub(super) fn observation(&self, event: &Event, next: &[Event]) -> Option<String> {
        let Event::Observed { run, status, counts, .. } = *event else { return None };
        self.rows.is_new(run, status, counts, next).then(|| self.detail(event, next))
    }

    /// Returns the sentence for an observation of a completed run, or `None` if the run has no counts and is already
    /// known to have completed.
    pub(super) fn completion(&self, event: &Event, next: &[Event]) -> Option<String> {
        let Event::Observed { run, status: Status::Completed, counts, .. } = *event else { return None };
        // A phased run shows no count.
        if counts == Seen::default() && !self.rows.is_new(run, Status::Completed, counts, next) {
            return None;
        }
        let shows = if self.has_ended(run) { "shows" } else { "completed, showing" };
        Some(format!("{} {shows} {}", self.run(run), values(run, counts, next)))
    }

    /// Returns the sentence for a response to planning or to a phase.
    pub(super) fn plan_responded(&self, run: RunId, phase: Option<u8>, attempt: u8, response: Response) -> String {
        let stage = phase.map_or_else(|| "planning".to_owned(), |phase| format!("phase {} of", self.phase(run, phase)));
        format!("{stage} {}, attempt {attempt}: {}", self.run(run), response.name())
    }

    /// Returns the name of a phase of a run.
    pub(super) fn phase(&self, run: RunId, phase: u8) -> &'static str {
        let spec = self.specs.get(run.index()).map(|&spec| self.reference.runs[spec].family);
        let names = spec.map_or(&[][..], |spec| family(spec).phases);
        names.get(usize::from(phase)).unwrap_or(&"?")
    }

    fn detail(&self, event: &Event, next: &[Event]) -> String {
        match *event {
            Event::Observed { run, status, counts, .. } => {
                format!("{} shows {}, {}", self.run(run), status.name(), values(run, counts, next))
            }
            Event::ObservedMore { run, key, value } => format!("{} shows {}", self.run(run), key_value(key, value)),
            Event::Accepted { run, .. } => format!("the reply states that {} is accepted", self.run(run)),
            Event::Started { run, .. } => format!("{} starts", self.run(run)),
            Event::PlanResponded { run, phase, attempt, response } => {
                self.plan_responded(run, phase, attempt, response)
            }
            Event::Responded { run, unit, worker, attempt, response, weight } => {
                self.responded((run, unit), worker, attempt, response, weight)
            }
            Event::Resolved { run, unit, resolution, worker, .. } => {
                let (worker, unit) = (self.worker(worker), self.unit(run, unit));
                format!("{worker} writes the ledger row of {unit}: {}", resolution.name())
            }
            Event::FailureRecorded { run, unit, reason, names } => {
                let named = names.map_or(String::new(), |actor| format!(", naming {}", self.actor(Some(actor))));
                format!(
                    "the failure record of {} states {}{named}",
                    self.unit(run, unit),
                    Resolution::Failed(reason).name()
                )
            }
            Event::ViewRead { run, .. } => format!("a view reads the row of {}", self.run(run)),
            Event::ViewEnded { asks, writes, .. } => {
                format!("a view ends; it made {asks} requests to the provider and {writes} writes")
            }
            Event::Announced { run } => format!("a `run-enqueued` event is committed for {}", self.run(run)),
            Event::ToastShown { link, .. } => format!("a toast is shown, with a link to run {}", link.0 + 1),
            Event::ItemsRead { run, items, .. } => format!("the number of items of {} is {items}", self.run(run)),
            Event::OutcomeRead { run, outcome, cause } => {
                let outcome = outcome.map_or("absent", Outcome::name);
                let cause = cause.map_or(String::new(), |cause| format!(" ({})", cause.name()));
                format!("the stored outcome of {} is {outcome}{cause}", self.run(run))
            }
            Event::NoticesRead { run, notices } => {
                format!("the number of notices about {} in the inbox is {notices}", self.run(run))
            }
            Event::UnitsRead { run, .. } => {
                format!("the stored resolutions of {} differ from those that were written", self.run(run))
            }
            Event::WorldChanged { object, state, .. } => {
                format!("{} becomes {}", self.object(object), state.name())
            }
            Event::Advanced { to } => format!("the time is {} ms", to.0),
            // The remaining events have a sentence in every trace, or are faults whose effect is an event of its own.
            _ => "a fault is injected".to_owned(),
        }
    }
}
