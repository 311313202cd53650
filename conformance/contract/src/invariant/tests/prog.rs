//! PROG: the content of an item on a surface.

use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution::Succeeded;
use truecount_engine::unit::Response::Done;
use truecount_sim::trace::{Event, Shown};

use super::tape::{ADA, FIRST, RUN, SECOND, TENANT, Tape, counts, planned};
use crate::clause::Clause;

fn counted() -> Tape {
    planned().lease(FIRST, 0).done(0, 0, 1).ack(0)
}

fn ended() -> Tape {
    let last = counted().lease(SECOND, 0).ask(0, 1, Done).settle(0, 1, Succeeded);
    last.complete(0, Outcome::Succeeded, None).seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0]))
}

/// Returns whether PROG-12 is violated by a view that shows more than the progress of the run. The view shows either a
/// surface or the run alone.
fn shown(tape: Tape, shown: Shown, surface: bool) -> bool {
    let (view, run, actor) = (0, RUN, ADA);
    let began = if surface {
        tape.and(Event::ViewBegan { view, actor, tenant: Some(TENANT) })
    } else {
        tape.and(Event::RunAsked { view, actor, run })
    };
    let read = began.and(Event::ViewRead { view, run });
    let shown = if surface {
        read.and(Event::Shown { view, run, shown, diagnostics: true })
    } else {
        read.and(Event::RunViewed { view, actor, run, shown, disclosed: 1 })
    };
    shown.violated().contains(Clause::PROG_12)
}

#[test]
fn prog_12_applies_only_to_active_items_of_a_surface() {
    let half = Shown::Counted { processed: 1, total: 2, percent: 50 };
    assert!(shown(counted(), half, true));
    assert!(!shown(counted(), half, false), "PROG-12 was applied to a view of one run");
    assert!(!shown(ended(), Shown::Terminal(Outcome::Succeeded), true), "PROG-12 was applied to a run that has ended");
}
