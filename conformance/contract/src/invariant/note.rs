//! NOTE: events and notifications.

use truecount_engine::id::{ActorId, RequestId, RunId};
use truecount_engine::index::ix;
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::Event;

use super::Found;
use crate::clause::Clause;
use crate::ledger::Ledger;

/// What a run has told.
#[derive(Clone, Copy, Hash, Debug, Default)]
struct Told {
    announced: u32,
    notices: u32,
    /// Struck off with nobody to go to.
    dropped: bool,
    /// Whether the initiator could not see the run at the instant of dropping.
    unseen: bool,
}

/// The checker of NOTE.
#[derive(Debug, Default)]
pub(crate) struct Note {
    told: Vec<Told>,
    /// The request whose reply is under way, and the link of its toast.
    toast: Option<(RequestId, RunId)>,
}

pooled!(Note { told, toast });

impl Note {
    pub(crate) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { told, toast } = self;
        fingerprinter.value(&(told, toast));
    }

    pub(crate) fn reset(&mut self) {
        self.told.clear();
        self.toast = None;
    }

    fn of(&mut self, run: RunId) -> &mut Told {
        if self.told.len() <= run.index() {
            self.told.resize(run.index() + 1, Told::default());
        }
        &mut self.told[run.index()]
    }

    #[inline]
    pub(crate) fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Announced { run } => {
                self.of(run).announced += 1;
                found.check(Clause::NOTE_01, self.of(run).announced == 1);
            }
            Event::ToastShown { request, link } => self.toast = Some((request, link)),
            Event::Accepted { request, run } => {
                let toast = self.toast.take();
                found.check(Clause::NOTE_01, toast.is_some_and(|(asked, _)| asked == request));
                found.check(Clause::NOTE_04, toast.is_some_and(|(_, link)| link == run));
            }
            // Whose request made the run is told so, and sees the toast.
            Event::Deduplicated { request, run } => {
                found.check(Clause::NOTE_01, ledger.run(run).spec != request.0 as usize);
            }
            Event::Notified { run, to, link, outcome, processed, total } => {
                self.notified(run, to, link, ledger, found);
                says_what_the_row_says(run, outcome, [processed, total], ledger, found);
            }
            Event::NoticeDropped { run } => {
                let unseen = initiator(run, ledger).is_none_or(|actor| !sees(ledger, actor, run));
                let told = self.of(run);
                (told.dropped, told.unseen) = (true, unseen);
            }
            _ => {}
        }
    }

    fn notified(&mut self, run: RunId, to: Option<ActorId>, link: RunId, ledger: &Ledger<'_>, found: &mut Found) {
        let told = self.of(run);
        told.notices += 1;
        let once = told.notices == 1;
        found.check(Clause::NOTE_02, once && ledger.run(run).completed.is_some());
        // A system run has nobody to tell, and who may not see the run is not told of it.
        let may = to.is_some_and(|to| sees(ledger, to, run));
        found.check(Clause::NOTE_03, to == initiator(run, ledger) && may);
        found.check(Clause::NOTE_04, link == run && may);
    }

    pub(crate) fn end(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        for place in 0..ledger.runs.len() {
            let run = RunId(ix(place));
            let told = *self.of(run);
            found.check(Clause::NOTE_01, told.announced == 1);
            if ledger.run(run).completed.is_some() {
                let delivered = if initiator(run, ledger).is_none() {
                    told.notices == 0
                } else {
                    told.notices == 1 || (told.dropped && told.unseen && told.notices == 0)
                };
                found.check(Clause::NOTE_03, delivered);
            }
        }
    }
}

fn initiator(run: RunId, ledger: &Ledger<'_>) -> Option<ActorId> {
    ledger.of(run).actor
}

fn sees(ledger: &Ledger<'_>, actor: ActorId, run: RunId) -> bool {
    ledger.grant(actor, ledger.of(run).tenant) != Grant::None
}

fn says_what_the_row_says(
    run: RunId,
    outcome: Option<Outcome>,
    [processed, total]: [u32; 2],
    ledger: &Ledger<'_>,
    found: &mut Found,
) {
    let note = ledger.run(run);
    let row = note.completed.zip(note.terminal_counts);
    let same = row.is_some_and(|(completed, counts)| {
        (completed.outcome, counts.processed, counts.total) == (outcome, processed, total)
    });
    found.check(Clause::NOTE_05, same);
}
