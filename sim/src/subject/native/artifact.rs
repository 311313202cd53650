//! Requests to the artifact store, and the events that show their results to an outside observer.

use std::sync::Arc;

use truecount_engine::artifact::{Bytes, Source};
use truecount_engine::family::family;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::refusal::Refusal;
use truecount_engine::rules::Rules;
use truecount_engine::storage::{ArtifactRequest, Reply};
use truecount_engine::unit::{Resolution, Response, WorkUnit};

use super::{Native, Op, Store};
use crate::artifact_store;
use crate::trace::{Event, EventSink};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    pub(super) fn publishes(&self, run: RunId) -> bool {
        family(self.head(run).family).pack.is_some()
    }

    /// Performs a request to the artifact store. `injected` replaces the response of the store.
    pub(super) fn artifact<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        request: &ArtifactRequest,
        injected: Option<Response>,
    ) -> Reply {
        match request {
            ArtifactRequest::Sources { run, keys } => {
                let source = |(place, key)| {
                    let unit = UnitIx(ix(place));
                    Source { name: world.fixture.name(key), content: world.artifact_store.entry(*run, unit).cloned() }
                };
                let attempt = world.attempts.at_stage(*run);
                if let Some(response) = injected {
                    let staged = Event::Staged { run: *run, attempt, response };
                    self.on_attempt(world, *run, response == Response::Done, staged);
                    return Reply::Response(response);
                }
                let sources: Arc<[Source]> = keys.iter().copied().enumerate().map(source).collect();
                let lost = |(unit, source): (&WorkUnit, &Source)| {
                    unit.resolution == Some(Resolution::Succeeded) && source.content.is_none()
                };
                if self.rows().units(*run).iter().zip(&*sources).any(lost) {
                    // No complete artifact can be made from these sources.
                    let lost = Event::Staged { run: *run, attempt, response: Response::NotFound };
                    self.on_attempt(world, *run, false, lost);
                }
                Reply::Sources(sources)
            }
            ArtifactRequest::Stage { run, lease, bytes } => {
                let attempt = world.attempts.at_stage(*run);
                let scripted = injected.or_else(|| self.spec(world, *run).publishing_scripted(attempt));
                let response = scripted.unwrap_or(Response::Done);
                if response == Response::Done {
                    world.artifact_store.stage(*run, *lease, Arc::clone(bytes));
                }
                let done = response == Response::Done;
                self.on_attempt(world, *run, done, Event::Staged { run: *run, attempt, response });
                if done { Reply::ArtifactDone } else { Reply::Response(response) }
            }
            ArtifactRequest::Publish { run, lease, digest, checked } => {
                let attempt = world.attempts.at_stage(*run);
                let response = injected.unwrap_or(Response::Done);
                let torn = response == Response::Done && !world.artifact_store.publish(*run, *lease, *digest, *checked);
                let renamed = Event::Renamed { run: *run, attempt, response, torn };
                self.on_attempt(world, *run, response == Response::Done && !torn, renamed);
                match response {
                    Response::Done if torn => Reply::Refused(Refusal::Torn),
                    Response::Done => Reply::ArtifactDone,
                    response => Reply::Response(response),
                }
            }
            ArtifactRequest::Discard { run, keep } => {
                if world.artifact_store.discard(*run, *keep) {
                    let swept = matches!(self.actor(actor).op, Op::Sweep(_));
                    world.trace.see(Event::Cleared { run: *run, swept });
                }
                Reply::ArtifactDone
            }
            ArtifactRequest::NextStaged { from } => Reply::Staged(world.artifact_store.next_staged(*from)),
            ArtifactRequest::Read { run, digest } => Reply::File(world.artifact_store.file(*run, *digest).cloned()),
        }
    }

    /// Writes half of a file, but replies as if all of it had been written.
    pub(super) fn tear<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        request: &ArtifactRequest,
    ) -> Reply {
        match request {
            ArtifactRequest::Stage { run, lease, bytes } => {
                let half = Bytes::from(&bytes[..bytes.len() / 2]);
                self.artifact(world, actor, &ArtifactRequest::Stage { run: *run, lease: *lease, bytes: half }, None)
            }
            whole => self.artifact(world, actor, whole, None),
        }
    }

    /// Stages the entry that the side effect of a unit leaves for the artifact of the run. The entry contains the
    /// current state of the unit's object.
    pub(super) fn stage_entry<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId, unit: UnitIx) {
        let Some(object) = self.rows().units(run).get(unit.index()).map(|row| row.object) else { return };
        let text = format!("{}: {}\n", world.fixture.name(object), world.provider.state(object).name());
        let content = Bytes::from(text.into_bytes());
        world.trace.see(Event::EntryStaged {
            run,
            unit,
            content: artifact_store::short(artifact_store::sha_256(&content)),
        });
        world.artifact_store.stage_entry(run, unit, content);
    }

    /// Emits the artifact named in the terminal row of a run, and the result that any reader of this artifact would
    /// get.
    pub(super) fn on_terminal<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId) {
        if let Some(digest) = self.rows().runs()[run.index()].artifact {
            world.trace.see(Event::Published { run, digest: artifact_store::short(digest.0) });
        }
        self.look_for_artifact(world, run);
    }

    /// Emits the result that any reader of the artifact of a terminal run would get.
    pub(super) fn look_for_artifact<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId) {
        if !self.publishes(run) {
            return;
        }
        let named = self.rows().runs()[run.index()].artifact;
        let file = named.and_then(|digest| world.artifact_store.file(run, Some(digest)).cloned());
        Self::on_read(world, run, None, file.as_ref());
    }

    /// Emits the result of reading an artifact.
    pub(super) fn on_read<W: EventSink>(world: &mut World<'_, W>, run: RunId, view: Option<u16>, file: Option<&Bytes>) {
        let held = file.map(|bytes| artifact_store::read(bytes, &world.fixture.names)).unwrap_or_default();
        let digest = file.map_or(0, |bytes| artifact_store::short(artifact_store::sha_256(bytes)));
        let artifact_store::Held { whole, entries, held } = held;
        world.trace.see(Event::ArtifactRead { run, view, found: file.is_some(), whole, entries, held, digest });
    }
}
