//! The examples and near misses for what is read from storage again after a run has ended.

use truecount_engine::id::RunId;
use truecount_engine::run::Outcome::{PartiallySucceeded, Succeeded};
use truecount_sim::trace::Event;

use super::cases::{Case, GONE, case, counted, one_left};
use super::packs::{PUBLISHED, packed, read};
use crate::sometimes::Sometimes;

const PRUNED: Event = Event::Pruned { run: RunId(0) };
const OUTCOME: Event = Event::OutcomeRead { run: RunId(0), outcome: Some(Succeeded), cause: None };
const UNITS: Event = Event::UnitsRead { run: RunId(0), units: 2, digest: 0 };

/// The items of the restore are read. (A restore has none, but the assertion does not depend on the family.)
fn items(items: u32) -> Event {
    Event::ItemsRead { run: RunId(0), items, digest: 0 }
}

/// The notices about the restore are read.
fn notices(notices: u32) -> Event {
    Event::NoticesRead { run: RunId(0), notices }
}

/// States in which a later reader finds what was stored.
pub(super) const BY_STORAGE: &[Case] = &[
    case(
        Sometimes::PackReadAfterPruning,
        || packed().complete(Succeeded, Some(0)).and(PUBLISHED).and(PRUNED).and(read(None, true)),
        || packed().complete(Succeeded, Some(0)).and(PUBLISHED).and(read(None, true)).and(PRUNED),
    ),
    case(
        Sometimes::OutcomeReadAfterPruning,
        || counted().complete(Succeeded, Some(1)).and(PRUNED).and(OUTCOME),
        || counted().complete(Succeeded, Some(1)).and(OUTCOME).and(PRUNED),
    ),
    case(
        Sometimes::ItemsReadAfterPruning,
        || counted().complete(Succeeded, Some(1)).and(PRUNED).and(items(2)),
        || counted().complete(Succeeded, Some(1)).and(items(2)).and(PRUNED).and(items(0)),
    ),
    case(
        Sometimes::NoticeReadAfterPruning,
        || counted().complete(Succeeded, Some(1)).and(PRUNED).and(notices(1)),
        || counted().complete(Succeeded, Some(1)).and(notices(1)).and(PRUNED).and(notices(0)),
    ),
    case(
        Sometimes::ResolutionsReadAgain,
        || one_left().count(1, 1, GONE).complete(PartiallySucceeded, Some(1)).and(UNITS),
        || counted().complete(Succeeded, Some(1)).and(UNITS),
    ),
];
