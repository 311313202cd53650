//! The environment of a subject: fixture, clock, provider, artifact store, trace, and how often each kind of fault was
//! injected.

use truecount_engine::family::sweeper_interval_ms;
use truecount_engine::time::Millis;

use crate::artifact_store::ArtifactStore;
use crate::attempts::Attempts;
use crate::clock::Clock;
use crate::fault::{Fault, PerFault};
use crate::fingerprint::{Fingerprinted, Fingerprinter};
use crate::fixture::Fixture;
use crate::interrupt::Interrupt;
use crate::provider::Provider;
use crate::trace::{Event, EventSink, Trace};

/// The environment of a subject.
#[derive(Debug)]
pub struct World<'f, W> {
    /// The fixture from which the simulation started.
    pub fixture: &'f Fixture,
    /// The current time, and the deadlines.
    pub clock: Clock,
    pub provider: Provider,
    pub artifact_store: ArtifactStore,
    /// The numbers of attempts and deliveries, as leases and durable commits show them.
    pub attempts: Attempts,
    pub trace: Trace<W>,
    /// How often each kind of fault was injected.
    pub injected: PerFault<u16>,
    /// Whether faults have stopped.
    pub healing: bool,
    /// Number of choices that were applied.
    pub steps: u64,
    /// The time at which upkeep is next due.
    pub upkeep_at: Millis,
    /// The request to stop the simulation. It is not part of the simulated environment.
    pub interrupt: Interrupt,
}

pooled!(impl['f, W: Clone] World<'f, W> {
    fixture, clock, provider, artifact_store, attempts, trace, injected, healing, steps, upkeep_at, interrupt
});

impl<'f, W: EventSink> World<'f, W> {
    /// Returns the environment for a fixture, in its initial state.
    pub fn new(fixture: &'f Fixture, sink: W) -> Self {
        let mut provider = Provider::default();
        provider.reset(&fixture.objects);
        Self {
            fixture,
            clock: Clock::default(),
            provider,
            artifact_store: ArtifactStore::default(),
            attempts: Attempts::default(),
            trace: Trace::new(sink),
            injected: PerFault::default(),
            healing: false,
            steps: 0,
            upkeep_at: sweeper_interval_ms(),
            interrupt: Interrupt::NEVER,
        }
    }

    /// Resets the environment to the initial state for a fixture; keeps the buffers.
    pub fn reset(&mut self, fixture: &'f Fixture) {
        self.fixture = fixture;
        self.clock.reset();
        self.provider.reset(&fixture.objects);
        self.artifact_store.reset();
        self.attempts.reset();
        self.trace.hash = 0;
        self.trace.events = 0;
        self.injected = PerFault::default();
        self.healing = false;
        self.steps = 0;
        self.upkeep_at = sweeper_interval_ms();
    }

    /// Adds everything except the deadlines to a fingerprint. Only the subject can determine which deadlines matter.
    pub fn fingerprint(&self, fingerprinter: &mut Fingerprinter)
    where
        W: Fingerprinted,
    {
        // The fixture never changes. The hash, the number of events and the number of steps affect nothing.
        let Self {
            fixture,
            clock: _,
            provider,
            artifact_store,
            attempts,
            trace,
            injected,
            healing,
            steps: _,
            upkeep_at,
            interrupt: _,
        } = self;
        provider.fingerprint(fingerprinter);
        artifact_store.fingerprint(fingerprinter);
        attempts.fingerprint(fingerprinter);
        trace.sink.fingerprint(fingerprinter);
        fingerprinter.word(u64::from(*healing));
        fingerprinter.time(*upkeep_at, Millis(0));
        for &fault in if *healing { &[] } else { Fault::ALL } {
            if fixture.faults.get(fault) > 0 {
                fingerprinter.word(injected.get(fault).into());
            }
        }
    }

    /// Returns whether a fault of this kind may still be injected.
    #[inline]
    pub fn may_inject(&self, fault: Fault) -> bool {
        !self.healing && self.injected.get(fault) < self.fixture.faults.get(fault)
    }

    /// Records that a fault was injected; `at` is the number of its target.
    pub fn inject(&mut self, fault: Fault, at: u32) {
        self.injected.set(fault, self.injected.get(fault) + 1);
        self.trace.see(Event::FaultInjected { fault, at });
    }

    /// Advances the time; an earlier time is ignored.
    pub fn advance(&mut self, to: Millis) {
        if to > self.clock.now {
            self.clock.now = to;
            self.trace.see(Event::Advanced { to });
        }
    }
}
