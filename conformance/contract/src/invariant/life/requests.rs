//! The replies that a request may receive.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{RequestId, RunId};

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{Ledger, RunNote};

/// 1. Requests 1 and 2 have the same identity. Both look for an active run and find none.
/// 2. Request 1 creates a run.
/// 3. Request 2 creates a second run.
pub(super) fn life_06_at_enqueued(request: RequestId, ledger: &Ledger<'_>, found: &mut Found) {
    let identity = ledger.reference.runs[request.0 as usize].identity;
    let same = |note: &&RunNote| ledger.reference.runs[note.spec].identity == identity;
    let active = ledger.runs.iter().filter(same).any(|note| note.completed.is_none());
    found.check(Clause::LIFE_06, !active);
}

/// 1. Request 1 creates a run.
/// 2. Request 2 has the same identity. Its reply is an acceptance, but names the run of request 1.
///
/// Or a request is accepted although its actor never had a grant for it.
pub(super) fn life_06_at_accepted(request: RequestId, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::LIFE_06, granted(request, ledger) && ledger.run(run).spec == request.0 as usize);
}

/// 1. Request 1 creates a run, which completes.
/// 2. Request 2 has the same identity, and its reply names the run that has ended.
///
/// Or the actor of request 2 never had a grant for it.
pub(super) fn life_06_at_deduplicated(request: RequestId, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    let since = ledger.requested[request.0 as usize].map_or(0, |requested| requested.at);
    let note = ledger.run(run);
    let same = ledger.reference.runs[note.spec].identity == ledger.reference.runs[request.0 as usize].identity;
    let active = note.completed.is_none_or(|completed| completed.at >= since);
    found.check(Clause::LIFE_06, granted(request, ledger) && same && active);
}

/// 1. From request to reply, the requesting actor may operate in the tenant.
/// 2. The request is refused.
pub(super) fn life_06_at_denied(request: RequestId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::LIFE_06, ledger.requested[request.0 as usize].is_some_and(|requested| requested.denied));
}

/// 1. A request creates a run, and its reply is lost.
/// 2. The run completes.
/// 3. The request is sent again and creates a second run.
pub(super) fn life_19_at_enqueued(request: RequestId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::LIFE_19, !ledger.runs.iter().any(|note| note.spec == request.0 as usize));
}

/// 1. A request creates a run, and its reply is lost. The run completes.
/// 2. Another request of the same identity creates a second run.
/// 3. The first request is sent again, and its reply names the second run.
pub(super) fn life_19_at_deduplicated(request: RequestId, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    let own = ledger.numbered().find(|(_, note)| note.spec == request.0 as usize);
    if let Some((own, _)) = own {
        found.check(Clause::LIFE_19, own == run);
    }
}

/// Returns whether the requesting actor had a grant at some instant since the request was sent.
fn granted(request: RequestId, ledger: &Ledger<'_>) -> bool {
    ledger.requested[request.0 as usize].is_some_and(|requested| requested.granted)
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{KEYS, OTHER_KEYS, RUN, requested};

    let (own, other, run) = (RequestId(KEYS), RequestId(OTHER_KEYS), RUN);
    let accepted = || requested(&[KEYS]);
    vec![
        ("life_06_at_enqueued", requested(&[KEYS, KEYS])),
        ("life_06_at_accepted", accepted().and(Event::Accepted { request: other, run })),
        ("life_06_at_deduplicated", accepted().and(Event::Deduplicated { request: other, run })),
        ("life_06_at_denied", accepted().and(Event::Denied { request: own })),
        ("life_19_at_enqueued", requested(&[KEYS, KEYS])),
        (
            "life_19_at_deduplicated",
            requested(&[KEYS, OTHER_KEYS]).and(Event::Deduplicated { request: own, run: RunId(1) }),
        ),
    ]
}
