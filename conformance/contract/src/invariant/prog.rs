//! PROG: the progress that a view shows, compared with the row that the view read.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::RunId;
use truecount_engine::index::narrow;
use truecount_engine::mode::Mode;
use truecount_engine::run::{Outcome, Status};
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, Seen, Shown};

use super::{Checker, Found};
use crate::clause::Clause;
use crate::ledger::Ledger;

/// The contents of a run's row when a view read it.
#[derive(Clone, Copy, Hash, Debug)]
struct Read {
    run: RunId,
    mode: Mode,
    status: Option<Status>,
    outcome: Option<Outcome>,
    phase: Option<u8>,
    counts: Seen,
}

/// A view in progress.
#[derive(Clone, Debug)]
struct View {
    number: u16,
    /// The highest percent shown for each run by views that ended before this view began.
    percents: Vec<Option<u8>>,
    reads: Vec<Read>,
    shown: Vec<(RunId, u8)>,
}

/// The checker for PROG.
#[derive(Debug, Default)]
pub(crate) struct Prog {
    views: Vec<View>,
    percents: Vec<Option<u8>>,
}

/// The contract's progress function, derived from the contract's text (section 6).
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

impl Checker for Prog {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::ViewBegan { view, .. } | Event::RunAsked { view, .. } => self.began(view),
            Event::ViewRead { view, run } => self.read(view, run, ledger),
            Event::Shown { view, run, shown, diagnostics } => {
                self.prog_12_at_shown(view, run, diagnostics, found);
                self.shown(view, run, shown, found);
            }
            // An actor that may not see the run is shown nothing. VIS judges that case.
            Event::RunViewed { view, run, shown, .. } if shown != Shown::None => self.shown(view, run, shown, found),
            Event::ViewEnded { view, asks, writes } => {
                prog_09_at_view_ended(asks, writes, found);
                self.ended(view);
            }
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.views.clear();
        self.percents.clear();
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { views, percents } = self;
        fingerprinter.value(percents);
        fingerprinter.word(views.len() as u64);
        for View { number, percents, reads, shown } in views {
            fingerprinter.view(*number);
            fingerprinter.value(&(percents, reads, shown));
        }
    }
}

impl Prog {
    fn began(&mut self, view: u16) {
        // A later view may have the number of a view that crashed.
        self.views.retain(|other| other.number != view);
        let percents = self.percents.clone();
        self.views.push(View { number: view, percents, reads: Vec::new(), shown: Vec::new() });
    }

    fn read(&mut self, view: u16, run: RunId, ledger: &Ledger<'_>) {
        let note = ledger.run(run);
        let read = Read {
            run,
            mode: ledger.of(run).mode,
            status: note.status,
            outcome: note.completed.and_then(|completed| completed.outcome),
            phase: note.phases.current,
            counts: note.counts,
        };
        if let Some(view) = self.views.iter_mut().find(|other| other.number == view) {
            view.reads.push(read);
        }
    }

    /// 1. A unit of a run fails, and the run continues.
    /// 2. A surface shows the reason code next to the progress of the run.
    fn prog_12_at_shown(&self, view: u16, run: RunId, diagnostics: bool, found: &mut Found) {
        let reads = self.views.iter().find(|other| other.number == view).map_or(&[][..], |view| &view.reads);
        let read = reads.iter().rev().find(|read| read.run == run);
        if read.is_none_or(|read| read.status != Some(Status::Completed)) {
            found.check(Clause::PROG_12, !diagnostics);
        }
    }

    fn shown(&mut self, view: u16, run: RunId, shown: Shown, found: &mut Found) {
        let Some(view) = self.views.iter_mut().find(|other| other.number == view) else { return };
        prog_07_at_shown(view, run, shown, found);
        if let Shown::Counted { percent, .. } = shown {
            prog_08_at_shown(view, run, percent, found);
            prog_10_at_shown(view, run, shown, found);
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

/// 1. A view reads a run at `processed` 3, `succeeded` 2, `total` 4.
/// 2. It shows the successes: 2 of 4.
fn prog_07_at_shown(view: &View, run: RunId, shown: Shown, found: &mut Found) {
    let read = view.reads.iter().rev().find(|read| read.run == run);
    found.check_symptom(Clause::PROG_07, read.is_some_and(|read| expected(read) == shown));
}

/// 1. A view shows a run at 50 percent, and ends.
/// 2. The next view begins, reads a replica that lags behind, and shows 25 percent.
fn prog_08_at_shown(view: &View, run: RunId, percent: u8, found: &mut Found) {
    if let Some(Some(before)) = view.percents.get(run.index()) {
        found.check(Clause::PROG_08, percent >= *before);
    }
}

/// 1. A view reads a run.
/// 2. It requests the state of the run from the provider, or updates the row to record the view.
fn prog_09_at_view_ended(asks: u16, writes: u16, found: &mut Found) {
    found.check(Clause::PROG_09, asks == 0 && writes == 0);
}

/// 1. A view reads `total` 4 and `processed` 1.
/// 2. A worker counts a unit.
/// 3. The view reads the run again, and shows the new `processed` with the `total` of its first read.
fn prog_10_at_shown(view: &View, run: RunId, shown: Shown, found: &mut Found) {
    if let Shown::Counted { processed, total, .. } = shown {
        let one_version = |read: &Read| {
            read.run == run && (read.counts.processed(), read.counts.total()) == (Some(processed), Some(total))
        };
        found.check(Clause::PROG_10, view.reads.iter().any(one_version));
    }
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use crate::invariant::tests::tape::{BEN, FIRST, RUN, TENANT, planned};

    let shown = |processed, percent| Shown::Counted { processed, total: 2, percent };
    let read = || planned().lease(FIRST, 0).done(0, 0, 1).surface(BEN, Some(TENANT)).row_read();
    let viewed = || read().shows(shown(1, 50)).view_ended();
    let diagnostics = Event::Shown { view: 0, run: RUN, shown: shown(1, 50), diagnostics: true };
    vec![
        ("prog_07_at_shown", read().shows(Shown::Activity)),
        ("prog_08_at_shown", viewed().surface(BEN, Some(TENANT)).row_read().shows(shown(0, 0))),
        ("prog_09_at_view_ended", read().and(Event::ViewEnded { view: 0, asks: 1, writes: 0 })),
        ("prog_10_at_shown", read().shows(shown(2, 100))),
        ("prog_12_at_shown", read().and(diagnostics)),
    ]
}
