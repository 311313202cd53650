//! The judge of a trace. It passes each event to the checkers and the sometimes assertions, which read the ledger, and
//! then to the ledger itself.

use truecount_engine::id::JobId;
use truecount_sim::fingerprint::{Fingerprinted, Fingerprinter};
use truecount_sim::pooled;
use truecount_sim::simulate::Ended;
use truecount_sim::trace::{Event, EventSink};

use crate::invariant::{Artf, Checker, Count, Found, Keys, Life, Note, Prog, Vis};
use crate::ledger::Ledger;
use crate::reference::Reference;
use crate::sometimes::Hits;

/// The only list of groups, each with the name of its checker.
macro_rules! checkers {
    ($($group:ident: $checker:ident,)*) => {
        /// The checkers of all groups.
        #[derive(Debug, Default)]
        struct Groups {
            $($group: $checker,)*
        }

        pooled!(Groups { $($group),* });

        impl Groups {
            #[inline]
            fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
                $(self.$group.see(event, ledger, found);)*
            }

            fn end(&mut self, ended: Ended, ledger: &Ledger<'_>, found: &mut Found) {
                $(self.$group.end(ended, ledger, found);)*
            }

            fn reset(&mut self) {
                $(self.$group.reset();)*
            }

            fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
                $(self.$group.fingerprint(fingerprinter);)*
            }
        }
    };
}

checkers! {
    keys: Keys,
    count: Count,
    life: Life,
    prog: Prog,
    vis: Vis,
    note: Note,
    artf: Artf,
}

/// All checkers together.
#[derive(Debug)]
pub struct Checkers<'b> {
    /// The harness's own ledger.
    pub ledger: Ledger<'b>,
    /// The violations, and the clauses that were exercised.
    pub found: Found,
    /// The sometimes assertions that were hit.
    pub reached: Hits,
    groups: Groups,
    /// Whether to check at all; turned off for measurements.
    pub checking: bool,
    /// Whether to watch for sometimes assertions.
    pub watching: bool,
}

pooled!(Checkers<'b> { ledger, found, reached, groups, checking, watching });

impl<'b> Checkers<'b> {
    /// Returns the checkers for a fixture, before any event.
    pub fn new(reference: &'b Reference) -> Self {
        Self {
            ledger: Ledger::new(reference),
            found: Found::default(),
            reached: Hits::default(),
            groups: Groups::default(),
            checking: true,
            watching: true,
        }
    }

    /// Replaces the reference with the reference of another fixture. [`Self::reset`] must be called next.
    pub const fn turn_to(&mut self, reference: &'b Reference) {
        self.ledger.reference = reference;
    }

    /// Resets all state and keeps the buffers.
    pub fn reset(&mut self) {
        self.ledger.reset();
        self.found = Found::default();
        self.reached.reset();
        self.groups.reset();
    }

    /// Checks the properties that can be judged only at the end, such as liveness.
    pub fn end(&mut self, ended: Ended) {
        if ended == Ended::Violation || !self.checking {
            return;
        }
        self.found.next_event();
        self.groups.end(ended, &self.ledger, &mut self.found);
    }
}

impl EventSink for Checkers<'_> {
    #[inline]
    fn see(&mut self, event: &Event) {
        if !self.checking {
            return;
        }
        self.found.next_event();
        self.groups.see(event, &self.ledger, &mut self.found);
        if self.watching {
            self.reached.see(event, &self.ledger);
        }
        self.ledger.take(event);
    }

    #[inline]
    fn violated(&self) -> bool {
        self.found.is_violated()
    }
}

impl Fingerprinted for Checkers<'_> {
    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self {
            ledger,
            // Exploration stops at a violation. No clause depends on which clauses were exercised or on which sometimes
            // assertions were hit.
            found: _,
            reached: _,
            groups,
            checking: _,
            watching: _,
        } = self;
        ledger.fingerprint(fingerprinter);
        groups.fingerprint(fingerprinter);
    }

    fn fingerprint_worker(&self, worker: u16, job: Option<JobId>, fingerprinter: &mut Fingerprinter) {
        self.ledger.fingerprint_worker(worker, job, fingerprinter);
    }
}
