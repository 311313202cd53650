//! The judge of a trace: it passes each event to the checkers, to the goals, and then to the ledger that both read.

use truecount_engine::id::JobId;
use truecount_sim::fingerprint::{Fingerprinted, Fingerprinter};
use truecount_sim::play::Ended;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, EventSink};

use crate::brief::Brief;
use crate::clause::Clause;
use crate::invariant::{Artf, Count, Found, Keys, Life, Note, Prog, Vis};
use crate::ledger::Ledger;
use crate::reached::Reached;

/// All checkers together.
#[derive(Debug)]
pub struct Checkers<'b> {
    /// The harness's own ledger.
    pub ledger: Ledger<'b>,
    /// What was found.
    pub found: Found,
    /// What was there to be judged.
    pub reached: Reached,
    count: Count,
    life: Life,
    prog: Prog,
    vis: Vis,
    note: Note,
    artf: Artf,
    /// Whether to check at all; for measurements.
    pub checking: bool,
    /// Whether to watch for goals.
    pub watching: bool,
}

pooled!(Checkers<'b> { ledger, found, reached, count, life, prog, vis, note, artf, checking, watching });

impl<'b> Checkers<'b> {
    /// Returns the checkers of a fixture, before anything happened.
    pub fn new(brief: &'b Brief) -> Self {
        Self {
            ledger: Ledger::new(brief),
            found: Found::default(),
            reached: Reached::default(),
            count: Count::default(),
            life: Life::default(),
            prog: Prog::default(),
            vis: Vis::default(),
            note: Note::default(),
            artf: Artf::default(),
            checking: true,
            watching: true,
        }
    }

    /// Turns to another fixture, of which this is known. Whoever does so starts over.
    pub const fn turn_to(&mut self, brief: &'b Brief) {
        self.ledger.brief = brief;
    }

    /// Starts over; keeps its rooms.
    pub fn reset(&mut self) {
        self.ledger.reset();
        self.found = Found::default();
        self.reached.reset();
        self.count.reset();
        self.life.reset();
        self.prog.reset();
        self.vis.reset();
        self.note.reset();
        self.artf.reset();
    }

    /// Judges what only the end can show: liveness.
    pub fn end(&mut self, ended: Ended) {
        if ended == Ended::Violation || !self.checking {
            return;
        }
        self.found.event += 1;
        // Every run may be terminal, and still somebody goes round for ever.
        self.found.check(Clause::LIFE_07, ended != Ended::NotConverged);
        self.count.end(&self.ledger, &mut self.found);
        Life::end(&self.ledger, &mut self.found);
        self.note.end(&self.ledger, &mut self.found);
    }
}

impl EventSink for Checkers<'_> {
    #[inline]
    fn see(&mut self, event: &Event) {
        if !self.checking {
            return;
        }
        self.found.event += 1;
        Keys::see(event, &mut self.found);
        self.count.see(event, &self.ledger, &mut self.found);
        self.life.see(event, &self.ledger, &mut self.found);
        self.prog.see(event, &self.ledger, &mut self.found);
        self.vis.see(event, &self.ledger, &mut self.found);
        self.note.see(event, &self.ledger, &mut self.found);
        self.artf.see(event, &self.ledger, &mut self.found);
        if self.watching {
            self.reached.see(event, &self.ledger);
        }
        self.ledger.take(event);
    }

    #[inline]
    fn violated(&self) -> bool {
        self.found.at.is_some()
    }
}

impl Fingerprinted for Checkers<'_> {
    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self {
            ledger,
            // What breaks a promise is not searched further; what was put to the test decides nothing, nor do goals.
            found: _,
            reached: _,
            count,
            life,
            prog,
            vis,
            note,
            artf,
            checking: _,
            watching: _,
        } = self;
        ledger.fingerprint(fingerprinter);
        count.fingerprint(fingerprinter);
        life.fingerprint(fingerprinter);
        prog.fingerprint(fingerprinter);
        vis.fingerprint(fingerprinter);
        note.fingerprint(fingerprinter);
        artf.fingerprint(fingerprinter);
    }

    fn fingerprint_worker(&self, worker: u16, job: Option<JobId>, fingerprinter: &mut Fingerprinter) {
        self.ledger.fingerprint_worker(worker, job, fingerprinter);
    }
}
