//! Events as pairs of 64-bit words. The numbers are explicit and do not come from a derived hash, so a trace recorded
//! elsewhere has the same hash.

use truecount_engine::hash::mix;
use truecount_engine::id::{Fence, JobId, UnitIx};
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::unit::Resolution;

use super::{Event, Seen, Shown};

const fn pair(high: u32, low: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

const fn tagged(tag: u64, high: u32, low: u32) -> u64 {
    // The tag is in the top byte; numbers of runs and requests stay far below 2^24.
    (tag << 56) ^ pair(high, low)
}

/// Returns the index of a unit. An absent unit has an index that no plan contains.
fn unit(unit: Option<UnitIx>) -> u32 {
    unit.map_or(u32::MAX, |unit| unit.0)
}

/// Returns the job and the fencing token of a lease, or 0 if the event was not written under a lease.
fn under(lease: Option<(JobId, Fence)>) -> u64 {
    lease.map_or(0, |(job, fence)| pair(job.0 + 1, fence.0))
}

fn small(option: Option<impl Into<u32>>) -> u32 {
    option.map_or(0, |value| value.into() + 1)
}

/// Returns the outcome and the cause of an end as one word.
fn ended(outcome: Option<Outcome>, cause: Option<Cause>) -> u64 {
    pair(small(outcome.map(|outcome| outcome as u32)), small(cause.map(|cause| cause as u32)))
}

fn shown_words(shown: Shown) -> [u64; 2] {
    match shown {
        Shown::Queued => [1, 0],
        Shown::Activity => [2, 0],
        Shown::Phased(phase) => [3, u64::from(phase)],
        Shown::Counted { processed, total, percent } => [4 | u64::from(percent) << 8, pair(processed, total)],
        Shown::Terminal(outcome) => [5, outcome as u64],
        Shown::None => [6, 0],
    }
}

/// Returns the number that stands for a resolution in hashes and digests.
pub const fn resolution_code(resolution: Resolution) -> u32 {
    match resolution {
        Resolution::Succeeded => 0,
        Resolution::Skipped(reason) => 16 + reason as u32,
        Resolution::Failed(reason) => 32 + reason as u32,
    }
}

/// Returns a digest of the resolutions of units, in the order of the plan.
pub fn resolutions_digest(resolutions: impl Iterator<Item = Option<Resolution>>) -> u64 {
    resolutions.fold(0, |digest, resolution| mix(digest, u64::from(small(resolution.map(resolution_code)))))
}

/// Returns the row of a run, except for `processed`, as one word.
fn row_word(version: u16, status: Status, counts: Seen) -> u64 {
    let Seen { present, total, processed: _, succeeded, failed, skipped } = counts;
    let state = pair(u32::from(version) << 16 | u32::from(present), (status as u32) << 30 ^ total);
    mix(mix(state, pair(succeeded, failed)), u64::from(skipped))
}

/// Returns an event as two words that encode its tag and its fields.
pub(super) fn words(event: &Event) -> [u64; 2] {
    match *event {
        Event::Requested { request, actor, tenant, family, granted } => [
            tagged(1, request.0, small(actor.map(|actor| actor.0))),
            pair(u32::from(tenant.0), (family as u32) << 1 | u32::from(granted)),
        ],
        Event::Accepted { request, run } => [tagged(2, request.0, run.0), 0],
        Event::Deduplicated { request, run } => [tagged(3, request.0, run.0), 0],
        Event::Denied { request } => [tagged(4, request.0, 0), 0],
        Event::Enqueued { request, run, tenant, family } => {
            [tagged(5, request.0, run.0), pair(u32::from(tenant.0), family as u32)]
        }
        Event::Started { run, phase, lease } => [tagged(6, run.0, small(phase)), under(lease)],
        Event::PlanResponded { run, phase, attempt, response } => {
            [tagged(7, run.0, u32::from(attempt)), pair(small(phase), response as u32)]
        }
        Event::Planned { run, units, digest, job, fence } => {
            [tagged(8, run.0, units), mix(digest, pair(job.0, fence.0))]
        }
        Event::JobCreated { job, run, unit: ix } => [tagged(9, job.0, run.0), u64::from(unit(ix))],
        Event::Leased { job, run, unit: ix, fence, delivery, worker } => {
            let who = pair(u32::from(worker), u32::from(delivery));
            [tagged(10, job.0, run.0), mix(pair(unit(ix), fence.0), who)]
        }
        Event::Dead { job } => [tagged(11, job.0, 0), 0],
        Event::Acked { job, run, fence, worker } => [tagged(12, job.0, run.0), pair(fence.0, worker.into())],
        Event::HandedBack { job, fence, worker, unit: ix, attempt, until } => {
            let who = mix(pair(fence.0, worker.into()), unit(ix).into());
            [tagged(13, job.0, attempt.into()), mix(who, until.0)]
        }
        Event::FencedOff { job, worker } => [tagged(14, job.0, u32::from(worker)), 0],
        Event::Responded { run, unit, worker, attempt, response, weight } => [
            tagged(15, run.0, unit.0),
            pair(u32::from(worker) << 8 | u32::from(attempt), (response as u32) << 8 | weight as u32),
        ],
        Event::LookedUp { run, unit, other, worker } => [tagged(50, run.0, unit.0), pair(other.0, u32::from(worker))],
        Event::EffectDone { run, unit, worker } => [tagged(16, run.0, unit.0), u64::from(worker)],
        Event::Counted { run, unit, job, fence, worker } => {
            [tagged(17, run.0, unit.0), mix(pair(job.0, fence.0), u64::from(worker))]
        }
        Event::Resolved { run, unit, resolution, job, fence, worker } => {
            let how = pair(resolution_code(resolution), u32::from(worker));
            [tagged(18, run.0, unit.0), mix(pair(job.0, fence.0), how)]
        }
        Event::FailureRecorded { run, unit, reason, names } => {
            [tagged(19, run.0, unit.0), pair(small(names.map(|actor| actor.0)), reason as u32)]
        }
        Event::Observed { run, version, status, counts } => {
            [tagged(20, run.0, counts.processed), row_word(version, status, counts)]
        }
        Event::ObservedMore { run, key, value } => [tagged(21, run.0, u32::from(key)), value],
        Event::Completed { run, outcome, cause, lease } => {
            [tagged(22, run.0, 0), mix(ended(outcome, cause), under(lease))]
        }
        Event::ViewBegan { view, actor, tenant } => {
            [tagged(23, u32::from(view), u32::from(actor.0)), u64::from(small(tenant.map(|tenant| tenant.0)))]
        }
        Event::ViewRead { view, run } => [tagged(24, u32::from(view), run.0), 0],
        Event::Shown { view, run, shown, diagnostics } => {
            let [code, rest] = shown_words(shown);
            [tagged(25, u32::from(view), run.0), mix(mix(code, rest), u64::from(diagnostics))]
        }
        Event::ViewEnded { view, asks, writes } => [tagged(26, view.into(), 0), pair(asks.into(), writes.into())],
        Event::Notified { run, to, link, outcome, processed, total } => {
            let who = pair(small(to.map(|actor| actor.0)), small(outcome.map(|outcome| outcome as u32)));
            [tagged(27, run.0, link.0), mix(who, pair(processed, total))]
        }
        Event::Announced { run } => [tagged(34, run.0, 0), 0],
        Event::ToastShown { request, link } => [tagged(35, request.0, link.0), 0],
        Event::NoticeDropped { run } => [tagged(36, run.0, 0), 0],
        Event::RunViewed { view, actor, run, shown, disclosed } => {
            let [code, rest] = shown_words(shown);
            [tagged(37, u32::from(view), run.0), mix(mix(code, rest), pair(u32::from(actor.0), disclosed))]
        }
        Event::RunAsked { view, actor, run } => [tagged(40, u32::from(view), run.0), u64::from(actor.0)],
        Event::ItemStored { run, unit } => [tagged(38, run.0, unit.0), 0],
        Event::ItemsRead { run, items, digest } => [tagged(39, run.0, items), digest],
        Event::OutcomeRead { run, outcome, cause } => [tagged(47, run.0, 0), ended(outcome, cause)],
        Event::NoticesRead { run, notices } => [tagged(48, run.0, notices), 0],
        Event::UnitsRead { run, units, digest } => [tagged(49, run.0, units), digest],
        Event::EntryStaged { run, unit, content } => [tagged(41, run.0, unit.0), content],
        Event::Staged { run, attempt, response } => [tagged(42, run.0, u32::from(attempt)), response as u64],
        Event::Renamed { run, attempt, response, torn } => {
            [tagged(43, run.0, u32::from(attempt)), (response as u64) << 1 | u64::from(torn)]
        }
        Event::Published { run, digest } => [tagged(44, run.0, 0), digest],
        Event::ArtifactRead { run, view, found, whole, entries, held, digest } => {
            let what = pair(small(view), u32::from(found) << 1 | u32::from(whole));
            [tagged(45, run.0, entries), mix(mix(what, held), digest)]
        }
        Event::Cleared { run, swept } => [tagged(46, run.0, u32::from(swept)), 0],
        Event::Pruned { run } => [tagged(28, run.0, 0), 0],
        Event::WorldChanged { object, state, by } => {
            [tagged(29, object.0, state as u32), u64::from(small(by.map(|run| run.0)))]
        }
        Event::GrantChanged { actor, tenant, grant } => [tagged(30, actor.0.into(), tenant.0.into()), grant as u64],
        Event::Advanced { to } => [tagged(31, 0, 0), to.0],
        Event::FaultInjected { fault, at } => [tagged(32, fault as u32, at), 0],
        Event::Healed => [tagged(33, 0, 0), 0],
    }
}
