//! The examples and near misses for runs that publish a pack.

use truecount_engine::id::RunId;
use truecount_engine::run::Cause;
use truecount_engine::run::Outcome::{Failed, PartiallySucceeded, Succeeded};
use truecount_engine::unit::Response::{Done, Unavailable};
use truecount_sim::fault::Fault::{CrashAfter, CrashBefore, DiskFull, LostReply, PartialWrite};
use truecount_sim::trace::Event;

use super::cases::{Case, OK, case};
use super::tape::{OWN, PACK, Tape, requested};
use crate::sometimes::Sometimes;

/// A run with a pack of one entry. The entry is resolved, but the pack is not published.
pub(super) fn packed() -> Tape {
    requested(&[PACK]).lease(OWN, 0).plan(0).count(0, 0, OK)
}

const STAGED: Event = Event::Staged { run: RunId(0), attempt: 1, response: Done };
const NOT_STAGED: Event = Event::Staged { run: RunId(0), attempt: 1, response: Unavailable };
const RENAMED: Event = Event::Renamed { run: RunId(0), attempt: 1, response: Done, torn: false };
const TORN: Event = Event::Renamed { run: RunId(0), attempt: 1, response: Done, torn: true };
pub(super) const PUBLISHED: Event = Event::Published { run: RunId(0), digest: 7 };

/// Returns a read of the pack by a viewer or, without a view, by the harness.
pub(super) fn read(view: Option<u16>, found: bool) -> Event {
    Event::ArtifactRead { run: RunId(0), view, found, whole: found, entries: 1, held: 0, digest: 7 }
}

/// States on the way to a published pack.
pub(super) const BY_PACK: &[Case] = &[
    case(
        Sometimes::LostReplyOfRename,
        || packed().and(STAGED).injected(LostReply, 0).and(RENAMED),
        || packed().injected(LostReply, 0).and(STAGED).and(RENAMED).injected(LostReply, 0).and(TORN),
    ),
    case(Sometimes::TornFile, || packed().and(STAGED).and(TORN), || packed().injected(PartialWrite, 0).and(STAGED)),
    case(
        Sometimes::DiskFull,
        || packed().injected(DiskFull, 0).and(NOT_STAGED).and(STAGED).and(RENAMED).and(PUBLISHED),
        || packed().and(NOT_STAGED).and(STAGED).and(RENAMED).and(PUBLISHED),
    ),
    case(
        Sometimes::CrashedAfterStage,
        || packed().injected(CrashAfter, 0).and(STAGED),
        || packed().injected(CrashBefore, 0).lease(OWN, 1).and(STAGED),
    ),
    case(
        Sometimes::CrashedAfterRename,
        || packed().and(STAGED).injected(CrashAfter, 0).and(RENAMED),
        || packed().injected(CrashAfter, 0).and(STAGED).lease(OWN, 1).and(RENAMED),
    ),
    case(Sometimes::RenamedTwice, || packed().and(RENAMED).and(RENAMED), || packed().and(TORN).and(RENAMED)),
    case(
        Sometimes::PublishedAtTheLast,
        || packed().lease_beyond_limit(OWN, 0).complete(PartiallySucceeded, Some(0)),
        || packed().lease_beyond_limit(OWN, 0).complete(Failed, Some(0)),
    ),
    case(
        Sometimes::StagingSwept,
        || packed().and(Event::Cleared { run: RunId(0), swept: true }),
        || packed().and(Event::Cleared { run: RunId(0), swept: false }),
    ),
    case(Sometimes::Unpublished, || packed().fail(Cause::PublishingFailed, 0), || packed().fail(Cause::PlannerLost, 0)),
    case(
        Sometimes::ArtifactTooEarly,
        || packed().and(read(Some(0), false)),
        || packed().complete(Succeeded, Some(0)).and(read(None, false)).and(read(Some(0), false)),
    ),
    case(Sometimes::ArtifactRead, || packed().and(read(Some(0), true)), || packed().and(read(None, true))),
];
