//! PROG: what a surface may show, held against the row that the rendering read.

use truecount_engine::id::RunId;
use truecount_engine::index::narrow;
use truecount_engine::mode::Mode;
use truecount_engine::run::{Outcome, Status};
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, Seen, Shown};

use super::Found;
use crate::clause::Clause;
use crate::ledger::Ledger;

/// A row as a rendering read it.
#[derive(Clone, Copy, Hash, Debug)]
struct Read {
    run: RunId,
    mode: Mode,
    status: Option<Status>,
    outcome: Option<Outcome>,
    phase: Option<u8>,
    counts: Seen,
}

/// A rendering under way.
#[derive(Clone, Debug)]
struct View {
    number: u16,
    /// The highest percent of each run in renderings that ended before this one began.
    percents: Vec<Option<u8>>,
    reads: Vec<Read>,
    shown: Vec<(RunId, u8)>,
}

/// The checker of PROG.
#[derive(Debug, Default)]
pub(crate) struct Prog {
    views: Vec<View>,
    percents: Vec<Option<u8>>,
}

/// The contract's progress function, from its words: section 6.
fn expected(read: &Read) -> Shown {
    match (read.status, read.mode) {
        (Some(Status::Completed), _) => read.outcome.map_or(Shown::Activity, Shown::Terminal),
        (Some(Status::Queued), _) => Shown::Queued,
        (Some(Status::Running), Mode::Phased) => read.phase.map_or(Shown::Activity, Shown::Phased),
        (Some(Status::Running), Mode::Counted) => match (read.counts.processed(), read.counts.total()) {
            (Some(processed), Some(total)) if total >= 1 && processed <= total => {
                let percent = u64::from(processed) * 100 / u64::from(total);
                Shown::Counted { processed, total, percent: narrow(percent) }
            }
            _ => Shown::Activity,
        },
        (Some(Status::Running), Mode::Activity) => Shown::Activity,
        (None, _) => Shown::None,
    }
}

pooled!(Prog { views, percents });

impl Prog {
    pub(crate) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { views, percents } = self;
        fingerprinter.value(percents);
        fingerprinter.word(views.len() as u64);
        for View { number, percents, reads, shown } in views {
            fingerprinter.view(*number);
            fingerprinter.value(&(percents, reads, shown));
        }
    }

    pub(crate) fn reset(&mut self) {
        self.views.clear();
        self.percents.clear();
    }

    #[inline]
    pub(crate) fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::ViewBegan { view, .. } | Event::RunAsked { view, .. } => {
                // A rendering that died leaves its place to the next of its number.
                self.views.retain(|other| other.number != view);
                let percents = self.percents.clone();
                self.views.push(View { number: view, percents, reads: Vec::new(), shown: Vec::new() });
            }
            Event::ViewRead { view, run } => {
                let note = ledger.run(run);
                let read = Read {
                    run,
                    mode: ledger.of(run).mode,
                    status: note.status,
                    outcome: note.completed.and_then(|completed| completed.outcome),
                    phase: note.phase,
                    counts: note.counts,
                };
                if let Some(view) = self.views.iter_mut().find(|other| other.number == view) {
                    view.reads.push(read);
                }
            }
            Event::Shown { view, run, shown, diagnostics } => self.shown(view, run, shown, diagnostics, found),
            // Who may not see it is shown nothing, which is VIS's to judge.
            Event::RunViewed { view, run, shown, tell, .. } if shown != Shown::None => {
                self.shown(view, run, shown, tell != 0, found);
            }
            Event::ViewEnded { view, asks, writes } => {
                found.check(Clause::PROG_09, asks == 0 && writes == 0);
                self.ended(view);
            }
            _ => {}
        }
    }

    fn shown(&mut self, view: u16, run: RunId, shown: Shown, diagnostics: bool, found: &mut Found) {
        found.check(Clause::PROG_12, !diagnostics);
        let Some(view) = self.views.iter_mut().find(|other| other.number == view) else { return };
        let read = view.reads.iter().rev().find(|read| read.run == run);
        found.check(Clause::PROG_07, read.is_some_and(|read| expected(read) == shown));
        if let Shown::Counted { processed, total, percent } = shown {
            let one_version =
                |read: &Read| (read.counts.processed(), read.counts.total()) == (Some(processed), Some(total));
            found.check(Clause::PROG_10, view.reads.iter().any(|read| read.run == run && one_version(read)));
            if let Some(Some(before)) = view.percents.get(run.index()) {
                found.check(Clause::PROG_08, percent >= *before);
            }
            view.shown.push((run, percent));
        }
    }

    fn ended(&mut self, number: u16) {
        let Some(at) = self.views.iter().position(|view| view.number == number) else { return };
        for (run, percent) in self.views.remove(at).shown {
            if self.percents.len() <= run.index() {
                self.percents.resize(run.index() + 1, None);
            }
            let highest = &mut self.percents[run.index()];
            *highest = (*highest).max(Some(percent));
        }
    }
}
