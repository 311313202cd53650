//! What a seed draws before it plays: which faults exist at all, at what rates, how many workers, when faults stop.
//!
//! A swarm finds more than a fixed mix: a fault that is always there hides the bugs that need its absence.

use crate::fault::Fault;
use crate::fixture::Fixture;
use crate::stream::{Stream, scale};
use truecount_engine::plan::mix;

/// Extra acts that are no faults, but whose moment is free.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Act {
    /// Somebody looks at a surface.
    Observe,
    /// The sweep runs early.
    Sweep,
    /// The relay runs early.
    Relay,
    /// The pruning runs.
    Prune,
}

/// One seed's draw. Rates are thresholds for 32 random bits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swarm {
    /// Workers.
    pub workers: u16,
    /// Steps until faults stop.
    pub steps_until_heal: u64,
    /// The rate of all deviations together.
    pub total: u32,
    /// Each deviation with the end of its share of the total.
    pub shares: Vec<(u32, Deviation)>,
}

/// What a deviation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deviation {
    /// A fault.
    Fault(Fault),
    /// An act.
    Act(Act),
}

/// The rate 1 / 2^`halvings` as a threshold.
const fn rate(halvings: u32) -> u32 {
    u32::MAX >> halvings
}

/// Bits of one name, of one seed.
struct Draw(u64);

impl Draw {
    fn new(base: u64, name: &str) -> Self {
        Self(name.bytes().fold(base, |bits, byte| mix(bits, u64::from(byte))))
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.0 = mix(self.0, 1);
        let high = (self.0 >> 32) as u32;
        scale(high, bound)
    }
}

impl Swarm {
    /// Draws a swarm. Each kind draws from bits of its own name, so that a new kind leaves the draws of all others as
    /// they were.
    pub fn draw(fixture: &Fixture, stream: &mut Stream) -> Self {
        let base = stream.bits();
        let own = |name: &str| Draw::new(base, name);
        let (least, most) = fixture.workers;
        let workers = least + u16::try_from(own("workers").below(u32::from(most - least) + 1)).unwrap_or(0);
        // One seed in eight is calm: what goes wrong there goes wrong without help.
        let calm = own("calm").below(8) == 0;
        let mut swarm = Self { workers, steps_until_heal: 0, total: 0, shares: Vec::new() };
        // Limits are used up by faults in a row, and that takes rates at which little else gets through.
        let fewest_halvings = if fixture.exhaust { 1 } else { 3 };
        for &fault in Fault::ALL {
            // Nothing is given again that was not taken before: both or neither.
            let mut draw = own(if fault == Fault::Regrant { Fault::Revoke } else { fault }.name());
            if fixture.faults.get(fault) > 0 && !calm && draw.below(2) == 0 {
                swarm.share(rate(fewest_halvings + draw.below(5)), Deviation::Fault(fault));
            }
        }
        if !fixture.surfaces.is_empty() {
            swarm.share(rate(3 + own("observe").below(4)), Deviation::Act(Act::Observe));
        }
        for (name, act) in [("sweep", Act::Sweep), ("relay", Act::Relay), ("prune", Act::Prune)] {
            let mut draw = own(name);
            if draw.below(2) == 0 {
                swarm.share(rate(5 + draw.below(4)), Deviation::Act(act));
            }
        }
        swarm.leave_room();
        // Faults stop somewhere between the beginning and well after a calm run would have ended.
        let longest = (40 + fixture.units() as u64 * 12) * if fixture.exhaust { 4 } else { 1 };
        let steps = own("heal").below(u32::try_from(longest).unwrap_or(u32::MAX));
        swarm.steps_until_heal = 8 + u64::from(steps);
        swarm
    }

    /// Returns a swarm of one rate, in parts of 2^32, for all allowed kinds together; for measurements.
    pub fn even(fixture: &Fixture, workers: u16, total: u32, steps_until_heal: u64) -> Self {
        let kinds: Vec<Fault> = Fault::ALL.iter().copied().filter(|&fault| fixture.faults.get(fault) > 0).collect();
        let mut swarm = Self { workers, steps_until_heal, total: 0, shares: Vec::new() };
        for &fault in &kinds {
            swarm.share(total / u32::try_from(kinds.len()).unwrap_or(1), Deviation::Fault(fault));
        }
        swarm.leave_room();
        swarm
    }

    /// Asks for a share of this rate; [`Self::leave_room`] puts the shares one after the other.
    fn share(&mut self, rate: u32, deviation: Deviation) {
        self.shares.push((rate, deviation));
    }

    /// Shrinks all shares alike where together they would leave less than a quarter of the steps to the work itself, or
    /// would cut off those that come last.
    fn leave_room(&mut self) {
        let mut ends = 0;
        let wanted: u64 = self.shares.iter().map(|(rate, _)| u64::from(*rate)).sum();
        let room = u64::from(u32::MAX / 4 * 3);
        for (share, _) in &mut self.shares {
            let granted = if wanted > room { u64::from(*share) * room / wanted } else { u64::from(*share) };
            ends += granted;
            *share = u32::try_from(ends).unwrap_or(u32::MAX);
        }
        self.total = u32::try_from(ends).unwrap_or(u32::MAX);
    }

    /// Returns the deviation on which 32 random bits below the total fall.
    pub fn pick(&self, bits: u32) -> Option<Deviation> {
        self.shares.iter().find(|(end, _)| bits < *end).map(|(_, deviation)| *deviation)
    }
}
