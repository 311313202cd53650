//! What the artifact store does when it is asked, and what an outsider sees of it.

use std::sync::Arc;

use truecount_engine::artifact::{Bytes, Source};
use truecount_engine::family::family;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::refusal::Refusal;
use truecount_engine::rules::Rules;
use truecount_engine::storage::{Reply, Shelf};
use truecount_engine::unit::{Answer, Resolution, WorkUnit};

use super::{Native, Op, Store};
use crate::shelf;
use crate::trace::{Event, Witness};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    pub(super) fn publishes(&self, run: RunId) -> bool {
        family(self.head(run).family).pack.is_some()
    }

    /// The attempt at publishing that is under way, from 1.
    pub(super) fn publishing_attempt(&self, run: RunId) -> u8 {
        self.head(run).attempts_used + 1
    }

    /// Does what the artifact store is asked. `say` is an answer instead.
    pub(super) fn shelve<W: Witness>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        request: &Shelf,
        say: Option<Answer>,
    ) -> Reply {
        match request {
            Shelf::Sources { run, keys } => {
                let source = |(place, key)| {
                    let unit = UnitIx(ix(place));
                    Source { name: world.fixture.name(key), content: world.shelves.entry(*run, unit).cloned() }
                };
                let attempt = self.publishing_attempt(*run);
                if let Some(answer) = say {
                    world.trace.see(Event::Staged { run: *run, attempt, answer });
                    return Reply::Answer(answer);
                }
                let sources: Arc<[Source]> = keys.iter().copied().enumerate().map(source).collect();
                let lost = |(unit, source): (&WorkUnit, &Source)| {
                    unit.resolution == Some(Resolution::Succeeded) && source.content.is_none()
                };
                if self.rows().units(*run).iter().zip(&*sources).any(lost) {
                    // Nothing that is whole can be made of these.
                    world.trace.see(Event::Staged { run: *run, attempt, answer: Answer::NotFound });
                }
                Reply::Sources(sources)
            }
            Shelf::Stage { run, lease, bytes } => {
                let attempt = self.publishing_attempt(*run);
                let said = say.or_else(|| self.spec(world, *run).publish_word(attempt));
                let answer = said.unwrap_or(Answer::Done);
                if answer == Answer::Done {
                    world.shelves.stage(*run, *lease, Arc::clone(bytes));
                }
                world.trace.see(Event::Staged { run: *run, attempt, answer });
                if answer == Answer::Done { Reply::Shelved } else { Reply::Answer(answer) }
            }
            Shelf::Publish { run, lease, digest, checked } => {
                let attempt = self.publishing_attempt(*run);
                let answer = say.unwrap_or(Answer::Done);
                let torn = answer == Answer::Done && !world.shelves.publish(*run, *lease, *digest, *checked);
                world.trace.see(Event::Renamed { run: *run, attempt, answer, torn });
                match answer {
                    Answer::Done if torn => Reply::Refused(Refusal::Torn),
                    Answer::Done => Reply::Shelved,
                    answer => Reply::Answer(answer),
                }
            }
            Shelf::Discard { run, keep } => {
                if world.shelves.discard(*run, *keep) {
                    let swept = matches!(self.actor(actor).op, Op::Sweep(_));
                    world.trace.see(Event::Cleared { run: *run, swept });
                }
                Reply::Shelved
            }
            Shelf::NextStaged { from } => Reply::Staged(world.shelves.next_staged(*from)),
            Shelf::Read { run, digest } => Reply::File(world.shelves.file(*run, *digest).cloned()),
        }
    }

    /// Writes half of a file, and says that it is all there.
    pub(super) fn tear<W: Witness>(&mut self, world: &mut World<'_, W>, actor: u16, request: &Shelf) -> Reply {
        match request {
            Shelf::Stage { run, lease, bytes } => {
                let half = Bytes::from(&bytes[..bytes.len() / 2]);
                self.shelve(world, actor, &Shelf::Stage { run: *run, lease: *lease, bytes: half }, None)
            }
            whole => self.shelve(world, actor, whole, None),
        }
    }

    /// What the effect of a unit leaves for the artifact of its run: what its object is at that moment.
    pub(super) fn stage_entry<W: Witness>(&self, world: &mut World<'_, W>, run: RunId, unit: UnitIx) {
        let Some(object) = self.rows().units(run).get(unit.index()).map(|row| row.object) else { return };
        let text = format!("{}: {}\n", world.fixture.name(object), world.provider.state(object).name());
        let content = Bytes::from(text.into_bytes());
        world.trace.see(Event::EntryStaged { run, unit, content: shelf::short(shelf::sha_256(&content)) });
        world.shelves.stage_entry(run, unit, content);
    }

    /// What the terminal row of a run that publishes names, and what anybody could read under that name.
    pub(super) fn on_terminal<W: Witness>(&self, world: &mut World<'_, W>, run: RunId) {
        if let Some(digest) = self.rows().runs()[run.index()].artifact {
            world.trace.see(Event::Published { run, digest: shelf::short(digest.0) });
        }
        self.look_for_artifact(world, run);
    }

    /// What anybody could read of what a terminal run has published.
    pub(super) fn look_for_artifact<W: Witness>(&self, world: &mut World<'_, W>, run: RunId) {
        if !self.publishes(run) {
            return;
        }
        let named = self.rows().runs()[run.index()].artifact;
        let file = named.and_then(|digest| world.shelves.file(run, Some(digest)).cloned());
        Self::on_read(world, run, None, file.as_ref());
    }

    /// What a reader finds.
    pub(super) fn on_read<W: Witness>(world: &mut World<'_, W>, run: RunId, view: Option<u16>, file: Option<&Bytes>) {
        let held = file.map(|bytes| shelf::read(bytes, &world.fixture.names)).unwrap_or_default();
        let digest = file.map_or(0, |bytes| shelf::short(shelf::sha_256(bytes)));
        let shelf::Held { whole, entries, held } = held;
        world.trace.see(Event::ArtifactRead { run, view, found: file.is_some(), whole, entries, held, digest });
    }
}
