//! What a seed draws before it is simulated: which kinds of fault may be injected, at what rates, how many workers,
//! when faults stop.
//!
//! A swarm finds more than a fixed mix: a fault that is always present hides the bugs that need its absence.

use crate::fault::Fault;
use crate::fixture::Fixture;
use crate::stream::scale;
use truecount_engine::hash::{mix, mix_bytes};
use truecount_engine::index::{ix, narrow};

/// Extra actions that are not faults, but whose moment is free.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Upkeep {
    /// A surface is viewed.
    Observe,
    /// The sweep runs early.
    Sweep,
    /// The relay runs early.
    Relay,
    /// The retention job runs.
    Prune,
}

/// One seed's draw. Rates are thresholds for 32 random bits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swarm {
    pub workers: u16,
    /// Steps until faults stop.
    pub steps_until_heal: u64,
    /// The rate of all decisions together.
    pub total: u32,
    /// Each kind with the end of its share of the total.
    pub shares: Vec<(u32, Kind)>,
}

/// What a decision is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Fault(Fault),
    /// An act.
    Upkeep(Upkeep),
}

/// How the rates of faults are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rates {
    /// Every kind that the fixture allows, all at one rate.
    Even,
    /// Some of the kinds, each at a rate of its own.
    Swarm,
}

/// Bits of one name, of one seed.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(base: u64, name: &str) -> Self {
        Self(mix_bytes(base, name.as_bytes()))
    }

    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.0 = mix(self.0, 1);
        let high = (self.0 >> 32) as u32;
        scale(high, bound)
    }

    /// Draws a rate between 1 / 2^`fewest` and 1 / 2^(`fewest` + `octaves`) as a threshold: each octave is as likely as
    /// the next, and so is each rate within one. That is a draw on a logarithmic scale, made of straight pieces.
    fn rate(&mut self, fewest: u32, octaves: u32) -> u32 {
        let top = u32::MAX >> (fewest + self.below(octaves));
        top - self.below(top / 2)
    }
}

impl Swarm {
    /// Draws a swarm from a seed's bits. Each kind draws from bits of its own tag, so that a new kind leaves the draws
    /// of all others as they were.
    pub fn draw(fixture: &Fixture, base: u64, kind: Rates) -> Self {
        let own = |name: &str| Draw::new(base, name);
        let (least, most) = fixture.workers;
        let workers = least + narrow::<_, u16>(own("workers").below(u32::from(most - least) + 1));
        // One seed in eight is without faults, to find what goes wrong without them.
        let fault_free = own("calm").below(8) == 0;
        let mut rates = Vec::new();
        // Limits are exhausted by faults in a row, which takes rates at which little else gets done.
        let fewest_halvings = if fixture.exhaust { 1 } else { 3 };
        let allowed = Fault::ALL.iter().copied().filter(|&fault| fixture.faults.get(fault) > 0);
        match kind {
            _ if fault_free => {}
            Rates::Even => {
                let kinds = ix(allowed.clone().count()).max(1);
                let each = own("even").rate(fewest_halvings - 1, 4) / kinds;
                rates.extend(allowed.map(|fault| (each, Kind::Fault(fault))));
            }
            Rates::Swarm => {
                for fault in allowed {
                    // Nothing is granted again that was not revoked before: both or neither.
                    let mut draw = own(if fault == Fault::Regrant { Fault::Revoke } else { fault }.tag());
                    if draw.below(2) == 0 {
                        rates.push((draw.rate(fewest_halvings, 5), Kind::Fault(fault)));
                    }
                }
            }
        }
        if !fixture.surfaces.is_empty() {
            rates.push((own("observe").rate(3, 4), Kind::Upkeep(Upkeep::Observe)));
        }
        for (name, action) in [("sweep", Upkeep::Sweep), ("relay", Upkeep::Relay), ("prune", Upkeep::Prune)] {
            let mut draw = own(name);
            if draw.below(2) == 0 {
                rates.push((draw.rate(5, 4), Kind::Upkeep(action)));
            }
        }
        // Faults stop somewhere between the beginning and well after the end of a run without faults.
        let longest = (40 + fixture.units() as u64 * 12) * if fixture.exhaust { 4 } else { 1 };
        let steps = own("heal").below(narrow(longest));
        Self::of(workers, 8 + u64::from(steps), rates)
    }

    /// Returns a swarm of one rate, in parts of 2^32, for all allowed kinds together; for measurements.
    pub fn even(fixture: &Fixture, workers: u16, total: u32, steps_until_heal: u64) -> Self {
        let kinds: Vec<Fault> = Fault::ALL.iter().copied().filter(|&fault| fixture.faults.get(fault) > 0).collect();
        let each = total / u32::try_from(kinds.len()).unwrap_or(1).max(1);
        let rates = kinds.into_iter().map(|fault| (each, Kind::Fault(fault))).collect();
        Self::of(workers, steps_until_heal, rates)
    }

    /// Puts the rates one after the other. If together they would leave less than a quarter of the steps to the work
    /// itself, or would cut off the last kinds, all are reduced alike.
    fn of(workers: u16, steps_until_heal: u64, rates: Vec<(u32, Kind)>) -> Self {
        let wanted: u64 = rates.iter().map(|(rate, _)| u64::from(*rate)).sum();
        let space = u64::from(u32::MAX / 4 * 3);
        let mut end = 0;
        let share = |(rate, decision): (u32, Kind)| {
            end += if wanted > space { u64::from(rate) * space / wanted } else { u64::from(rate) };
            (narrow(end), decision)
        };
        let shares: Vec<(u32, Kind)> = rates.into_iter().map(share).collect();
        let total = shares.last().map_or(0, |(end, _)| *end);
        Self { workers, steps_until_heal, total, shares }
    }

    /// Returns the kind on which 32 random bits below the total fall.
    pub fn pick(&self, bits: u32) -> Option<Kind> {
        self.shares.iter().find(|(end, _)| bits < *end).map(|(_, decision)| *decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draw on a straight scale would put nearly all rates into the first octave.
    #[test]
    fn each_octave_of_a_rate_is_as_likely_as_the_next() {
        let rates: Vec<u32> = (0..4_000).map(|seed| Draw::new(mix(1, seed), "rate").rate(2, 4)).collect();
        for octave in 2..6 {
            let within = |rate: &&u32| **rate <= u32::MAX >> octave && **rate > u32::MAX >> (octave + 1);
            let drawn = rates.iter().filter(within).count();
            assert!((900..1_100).contains(&drawn), "octave {octave}: {drawn}");
            let upper = rates.iter().filter(within).filter(|rate| **rate > (u32::MAX >> octave) / 4 * 3).count();
            assert!((400..600).contains(&upper), "octave {octave}: {upper} in its upper half");
        }
        assert!(rates.iter().all(|rate| *rate <= u32::MAX >> 2 && *rate > u32::MAX >> 6));
    }

    /// Rates that exceed 1 together must not cut off the kinds that come last.
    #[test]
    fn every_kind_keeps_its_share_and_a_quarter_is_left_to_the_work() {
        let rates = |each: u32| Fault::ALL.iter().map(|&fault| (each, Kind::Fault(fault))).collect();
        let crowded = Swarm::of(1, 8, rates(u32::MAX / 2));
        assert!(crowded.total <= u32::MAX / 4 * 3 && crowded.total > u32::MAX / 2);
        let kinds = u32::try_from(Fault::ALL.len()).expect("a small number");
        for (place, fault) in Fault::ALL.iter().enumerate() {
            let middle =
                crowded.total / kinds * u32::try_from(place).expect("a small number") + crowded.total / kinds / 2;
            assert_eq!(crowded.pick(middle), Some(Kind::Fault(*fault)));
        }
        let roomy = Swarm::of(1, 8, rates(1_000));
        assert_eq!(roomy.total, 1_000 * kinds, "rates that fit stay as they are");
        assert_eq!((roomy.pick(0), roomy.pick(roomy.total)), (Some(Kind::Fault(Fault::ALL[0])), None));
        assert_eq!(Swarm::of(1, 8, Vec::new()).total, 0);
    }
}
