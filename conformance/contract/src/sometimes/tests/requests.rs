//! The examples and near misses for requests, grants and notices.

use truecount_engine::id::{ActorId, RequestId, RunId, TenantId};
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome::Succeeded;
use truecount_sim::trace::Event;

use super::cases::{Case, case, left};
use super::tape::{LEFT, RIGHT, Tape};
use crate::sometimes::Sometimes;

const ACCEPTED: Event = Event::Accepted { request: RequestId(LEFT), run: RunId(0) };
const DEDUPLICATED: Event = Event::Deduplicated { request: RequestId(RIGHT), run: RunId(0) };

/// A restore whose initiator gets a notice while the initiator has this grant.
fn notified(grant: Grant) -> Tape {
    let (actor, tenant, outcome) = (ActorId(0), TenantId(0), Some(Succeeded));
    left().complete(Succeeded, None).and(Event::GrantChanged { actor, tenant, grant }).and(Event::Notified {
        run: RunId(0),
        to: Some(actor),
        link: RunId(0),
        outcome,
        processed: 0,
        total: 2,
    })
}

/// States of requests, grants and notices.
pub(super) const BY_REQUEST: &[Case] = &[
    case(Sometimes::RequestSentAgain, || left().sent(LEFT), || left().sent(RIGHT)),
    case(
        Sometimes::RequestTwiceUnderWay,
        || left().sent(LEFT).and(ACCEPTED).and(ACCEPTED),
        || left().sent(LEFT).and(ACCEPTED),
    ),
    case(
        Sometimes::RequestRepeatedAfterEnd,
        || left().complete(Succeeded, None).sent(LEFT).and(ACCEPTED),
        || left().sent(LEFT).complete(Succeeded, None).and(ACCEPTED),
    ),
    case(
        Sometimes::DeduplicatedWhileActive,
        || left().and(DEDUPLICATED),
        || left().complete(Succeeded, None).and(DEDUPLICATED),
    ),
    case(
        Sometimes::RefusedRequest,
        || left().sent(RIGHT).and(Event::Denied { request: RequestId(RIGHT) }),
        || left().sent(RIGHT),
    ),
    case(Sometimes::NoticeAfterLowering, || notified(Grant::View), || notified(Grant::Operate)),
];
