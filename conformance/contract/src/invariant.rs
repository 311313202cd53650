//! The checkers: an invariant for each clause of kind S and L, over what an outsider witnesses.
//!
//! One struct per group of clauses, one ledger that they all read, O(1) for each event. A group sees an event before
//! the ledger takes it in: it compares what happens with what had happened. Knows no engine, only events.

mod artf;
mod count;
mod keys;
mod ledger;
mod life;
mod note;
mod prog;
mod vis;

pub use ledger::{Ledger, Requested, RunNote, UnitNote};

use truecount_engine::id::JobId;
use truecount_sim::fingerprint::{Fingerprinted, Fingerprinter};
use truecount_sim::play::Ended;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, EventSink};

use crate::brief::Brief;
use crate::clause::{Clause, ClauseSet};
use crate::reached::Reached;

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Clauses whose promise was put to the test.
    pub exercised: ClauseSet,
    /// Clauses broken at the first event that broke any.
    pub violated: ClauseSet,
    /// Which event that was, counted from 1.
    pub at: Option<u64>,
    event: u64,
}

impl Found {
    /// Puts a clause to the test.
    #[inline]
    pub fn check(&mut self, clause: Clause, holds: bool) {
        self.exercised.insert(clause);
        if !holds {
            self.violate(clause);
        }
    }

    #[cold]
    fn violate(&mut self, clause: Clause) {
        // What comes after the first violating event may be its consequence: it is not counted.
        if *self.at.get_or_insert(self.event) == self.event {
            self.violated.insert(clause);
        }
    }
}

/// All checkers together.
#[derive(Debug)]
pub struct Checkers<'b> {
    /// The harness's own ledger.
    pub ledger: Ledger<'b>,
    /// What was found.
    pub found: Found,
    /// What was there to be judged.
    pub reached: Reached,
    count: count::Count,
    life: life::Life,
    prog: prog::Prog,
    vis: vis::Vis,
    note: note::Note,
    artf: artf::Artf,
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
            count: count::Count::default(),
            life: life::Life::default(),
            prog: prog::Prog::default(),
            vis: vis::Vis::default(),
            note: note::Note::default(),
            artf: artf::Artf::default(),
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
        life::Life::end(&self.ledger, &mut self.found);
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
        keys::Keys::see(event, &mut self.found);
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
