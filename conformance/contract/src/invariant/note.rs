//! NOTE: events and notifications.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{ActorId, RequestId, RunId};
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::simulate::Ended;
use truecount_sim::trace::Event;

use super::{Checker, Found};
use crate::clause::Clause;
use crate::ledger::Ledger;

/// The messages that were sent about a run.
#[derive(Clone, Copy, Hash, Debug, Default)]
struct RunNotices {
    announced: u32,
    notified: u32,
    /// Whether the notice had no recipient and was marked as sent.
    dropped: bool,
    /// Whether the initiator could not see the run when the notice was dropped.
    unseen: bool,
}

/// The checker for NOTE.
#[derive(Debug, Default)]
pub(crate) struct Note {
    notices: Vec<RunNotices>,
    /// The request whose reply is due, and the run to which its toast links.
    toast: Option<(RequestId, RunId)>,
}

pooled!(Note { notices, toast });

impl Checker for Note {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Announced { run } => {
                let sent = self.of(run);
                sent.announced += 1;
                note_01_at_announced(*sent, found);
            }
            Event::ToastShown { request, link } => self.toast = Some((request, link)),
            Event::Accepted { request, run } => {
                let toast = self.toast.take();
                note_01_at_accepted(toast, request, found);
                note_04_at_accepted(toast, run, found);
            }
            Event::Deduplicated { request, run } => note_01_at_deduplicated(request, run, ledger, found),
            Event::Notified { run, to, link, outcome, processed, total } => {
                let sent = self.of(run);
                sent.notified += 1;
                note_02_at_notified(*sent, run, ledger, found);
                note_03_at_notified(run, to, ledger, found);
                note_04_at_notified(run, to, link, ledger, found);
                note_05_at_notified(run, outcome, [processed, total], ledger, found);
            }
            Event::NoticeDropped { run } => {
                let unseen = initiator(run, ledger).is_none_or(|actor| !sees(ledger, actor, run));
                let sent = self.of(run);
                (sent.dropped, sent.unseen) = (true, unseen);
            }
            Event::NoticesRead { run, notices } => {
                note_02_at_notices_read(notices, found);
                note_03_at_notices_read(*self.of(run), notices, found);
            }
            _ => {}
        }
    }

    fn end(&mut self, _: Ended, ledger: &Ledger<'_>, found: &mut Found) {
        for (run, note) in ledger.numbered() {
            let sent = *self.of(run);
            note_01_at_end(sent, found);
            if note.completed.is_some() {
                note_03_at_end(sent, run, ledger, found);
            }
        }
    }

    fn reset(&mut self) {
        self.notices.clear();
        self.toast = None;
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { notices, toast } = self;
        fingerprinter.value(&(notices, toast));
    }
}

impl Note {
    fn of(&mut self, run: RunId) -> &mut RunNotices {
        if self.notices.len() <= run.index() {
            self.notices.resize(run.index() + 1, RunNotices::default());
        }
        &mut self.notices[run.index()]
    }
}

/// 1. A request creates a run, and `run-enqueued` is committed with it.
/// 2. The request is sent again and commits a second `run-enqueued`.
fn note_01_at_announced(sent: RunNotices, found: &mut Found) {
    found.check(Clause::NOTE_01, sent.announced == 1);
}

/// 1. A request creates a run.
/// 2. Its reply carries no queued toast, or the toast of another request.
fn note_01_at_accepted(toast: Option<(RequestId, RunId)>, request: RequestId, found: &mut Found) {
    found.check(Clause::NOTE_01, toast.is_some_and(|(asked, _)| asked == request));
}

/// 1. A request creates a run, and its reply is lost.
/// 2. The request is sent again. The second reply carries no toast, as if a different request had created the run.
fn note_01_at_deduplicated(request: RequestId, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::NOTE_01, ledger.run(run).spec != request.0 as usize);
}

/// 1. A request creates a run, and no `run-enqueued` is committed with it.
fn note_01_at_end(sent: RunNotices, found: &mut Found) {
    found.check(Clause::NOTE_01, sent.announced == 1);
}

/// 1. The outbox relay sends a notice and crashes before marking it as sent.
/// 2. It sends the notice again, and the inbox keeps both copies.
///
/// Or:
///
/// 1. The relay sends a notice before the run is terminal.
fn note_02_at_notified(sent: RunNotices, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::NOTE_02, sent.notified == 1 && ledger.run(run).completed.is_some());
}

/// 1. A run completes, and its notice is delivered.
/// 2. The inbox stores a second copy, which no delivery explains.
fn note_02_at_notices_read(notices: u32, found: &mut Found) {
    if notices > 0 {
        found.check(Clause::NOTE_02, notices == 1);
    }
}

/// 1. A run completes, and its notice is delivered.
/// 2. The run's rows are pruned, and the notice with them.
fn note_03_at_notices_read(sent: RunNotices, notices: u32, found: &mut Found) {
    if sent.notified > 0 {
        found.check(Clause::NOTE_03, notices > 0);
    }
}

/// 1. The initiator's grant is revoked.
/// 2. The relay still sends the notice.
///
/// Or:
///
/// 1. The system starts a run.
/// 2. The relay sends a notice for the run.
fn note_03_at_notified(run: RunId, to: Option<ActorId>, ledger: &Ledger<'_>, found: &mut Found) {
    let may = to.is_some_and(|to| sees(ledger, to, run));
    found.check(Clause::NOTE_03, to == initiator(run, ledger) && may);
}

/// 1. A run completes, and its initiator may see it.
/// 2. The relay loses the notice.
fn note_03_at_end(sent: RunNotices, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    let delivered = if initiator(run, ledger).is_none() {
        sent.notified == 0
    } else {
        sent.notified == 1 || (sent.dropped && sent.unseen && sent.notified == 0)
    };
    found.check(Clause::NOTE_03, delivered);
}

/// 1. A request creates run 2.
/// 2. The toast in its reply links to run 1.
fn note_04_at_accepted(toast: Option<(RequestId, RunId)>, run: RunId, found: &mut Found) {
    found.check(Clause::NOTE_04, toast.is_some_and(|(_, link)| link == run));
}

/// 1. Run 2 completes.
/// 2. Its notice links to run 1, or to a run that the recipient may not see.
fn note_04_at_notified(run: RunId, to: Option<ActorId>, link: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    let may = to.is_some_and(|to| sees(ledger, to, run));
    found.check(Clause::NOTE_04, link == run && may);
}

/// 1. A run completes with `processed` at 3, and 2 of its units have succeeded.
/// 2. Its notice states a count of 2.
fn note_05_at_notified(
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

fn initiator(run: RunId, ledger: &Ledger<'_>) -> Option<ActorId> {
    ledger.of(run).actor
}

fn sees(ledger: &Ledger<'_>, actor: ActorId, run: RunId) -> bool {
    ledger.grant(actor, ledger.of(run).tenant) != Grant::None
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::family::FamilyId;

    use crate::invariant::tests::tape::{ADA, BEN, KEYS, PACK, RUN, TENANT, counts, packed, requested};

    let (request, run, tenant, other) = (RequestId(KEYS), RUN, TENANT, RunId(1));
    let sent = |to, link, processed| {
        let outcome = Some(Outcome::Succeeded);
        Event::Notified { run, to, link, outcome, processed, total: 1 }
    };
    let accepted = || requested(&[KEYS]);
    let packed = || {
        let ended = packed().complete(0, Outcome::Succeeded, None);
        ended.seen_at_end(0, counts(Some(1), Some(1), [1, 0, 0])).ack(0)
    };
    let silent = requested(&[]).and(Event::Enqueued { request, run, tenant, family: FamilyId::QueueFanOut });
    vec![
        ("note_01_at_announced", accepted().and(Event::Announced { run })),
        ("note_01_at_accepted", accepted().and(Event::Accepted { request, run })),
        ("note_01_at_deduplicated", accepted().and(Event::Deduplicated { request, run })),
        ("note_01_at_end", silent),
        ("note_02_at_notified", requested(&[PACK]).and(sent(Some(BEN), run, 1))),
        ("note_03_at_notified", packed().and(sent(Some(ADA), run, 1))),
        ("note_02_at_notices_read", packed().and(sent(Some(BEN), run, 1)).and(Event::NoticesRead { run, notices: 2 })),
        ("note_03_at_notices_read", packed().and(sent(Some(BEN), run, 1)).and(Event::NoticesRead { run, notices: 0 })),
        ("note_03_at_end", packed()),
        (
            "note_04_at_accepted",
            accepted().and(Event::ToastShown { request, link: other }).and(Event::Accepted { request, run }),
        ),
        ("note_04_at_notified", packed().and(sent(Some(BEN), other, 1))),
        ("note_05_at_notified", packed().and(sent(Some(BEN), run, 0))),
    ]
}
