//! The publishing helper. It packs the artifact of a run, stages the file, and renames it to its published name. The
//! terminal write, which contains this name, comes afterwards.
//!
//! Two deliveries may publish the artifact of the same run. Equal entries give equal bytes, and therefore the same
//! name.

use std::sync::Arc;

use super::Next;
use crate::artifact::{Digest, Entry, Source};
use crate::delivery::Lease;
use crate::family::family;
use crate::id::RunId;
use crate::rules::{CompletionTrigger, Rules};
use crate::run::Head;
use crate::storage::{ArtifactRequest, Load, Reply, Request};
use crate::unit::{Resolution, WorkUnit};

/// The result of the helper.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Publication {
    /// Publishing is complete, and the terminal write may name the artifact. `None` if nothing is published, as for a
    /// failed run.
    Done(Option<Digest>),
    /// Publishing is not possible at present.
    Later(Head),
    /// There is work left.
    NotYet,
    /// The run is terminal.
    Terminal,
}

/// The last request.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum At {
    Run,
    Units(Head),
    Sources(Head, Arc<[WorkUnit]>),
    Stage(Head, Digest),
    Rename(Head, Digest),
}

/// The publishing helper.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Publish {
    run: RunId,
    lease: Lease,
    trigger: CompletionTrigger,
    /// Whether this delivery may still attempt to publish.
    may: bool,
    at: At,
}

impl Publish {
    /// Returns a helper for a run whose units may all have been counted.
    pub const fn new(run: RunId, lease: Lease, trigger: CompletionTrigger, may: bool) -> Self {
        Self { run, lease, trigger, may, at: At::Run }
    }

    /// Receives a reply and returns the next action; the first reply is `Begin`.
    pub fn resume<R: Rules>(&mut self, rules: &R, reply: Reply) -> Next<Publication> {
        match (std::mem::replace(&mut self.at, At::Run), reply) {
            (At::Run, Reply::Run(run)) => {
                let planned = run.head.sealed.then_some(run.head.units);
                if !run.active() {
                    Next::End(Publication::Terminal)
                } else if !rules.may_complete(&run) || !rules.checks_completion(self.trigger, planned) {
                    Next::End(Publication::NotYet)
                } else if !rules.publishes(rules.outcome(&run.counts)) {
                    Next::End(Publication::Done(None))
                } else if self.may {
                    self.ask(At::Units(run.head), Request::Load(Load::Units(self.run)))
                } else {
                    Next::End(Publication::Later(run.head))
                }
            }
            (At::Units(head), Reply::Units(units)) => {
                let keys = units.iter().map(|unit| unit.object).collect();
                self.ask(At::Sources(head, units), Request::Artifact(ArtifactRequest::Sources { run: self.run, keys }))
            }
            (At::Sources(head, units), Reply::Sources(sources)) => self.stage(rules, head, &units, &sources),
            (At::Stage(head, digest), Reply::ArtifactDone) if rules.renames_first() => {
                let (run, lease, checked) = (self.run, self.lease, rules.checks_staged());
                let rename = ArtifactRequest::Publish { run, lease, digest, checked };
                self.ask(At::Rename(head, digest), Request::Artifact(rename))
            }
            (At::Stage(_, digest) | At::Rename(_, digest), Reply::ArtifactDone) => {
                Next::End(Publication::Done(Some(digest)))
            }
            (At::Rename(_, digest), Reply::Unavailable) if rules.believes_lost_renames() => {
                Next::End(Publication::Done(Some(digest)))
            }
            // The disk is full, the file is torn, or there was no reply. The next attempt repeats all steps.
            (At::Sources(head, _) | At::Stage(head, _) | At::Rename(head, _), _) => Next::End(Publication::Later(head)),
            (At::Run, Reply::NoRun) => Next::End(Publication::Terminal),
            _ => self.ask(At::Run, Request::Load(Load::Run(self.run))),
        }
    }

    fn ask(&mut self, at: At, request: Request) -> Next<Publication> {
        self.at = at;
        Next::Ask(request)
    }

    fn stage<R: Rules>(&mut self, rules: &R, head: Head, units: &[WorkUnit], sources: &[Source]) -> Next<Publication> {
        let Some(pack) = family(head.family).pack else {
            return Next::End(Publication::Done(None));
        };
        // If the staging area was cleared in the meantime, or the store has lost an entry, no complete artifact can be
        // made.
        let lost = |(unit, source): (&WorkUnit, &Source)| {
            unit.resolution == Some(Resolution::Succeeded) && source.content.is_none()
        };
        if units.len() != sources.len() || units.iter().zip(sources).any(lost) {
            return Next::End(Publication::Later(head));
        }
        let entries: Vec<Entry<'_>> =
            units.iter().zip(sources).filter_map(|(unit, source)| entry(rules, *unit, source)).collect();
        let bytes = rules.packed(pack, &entries, self.lease);
        let digest = Digest::of(&bytes);
        let stage = ArtifactRequest::Stage { run: self.run, lease: self.lease, bytes: bytes.into() };
        self.ask(At::Stage(head, digest), Request::Artifact(stage))
    }
}

fn entry<'s, R: Rules>(rules: &R, unit: WorkUnit, source: &'s Source) -> Option<Entry<'s>> {
    let resolution = unit.resolution?;
    let content = if rules.packs(resolution) { source.content.as_deref() } else { None };
    Some(Entry { name: &source.name, resolution, content })
}
