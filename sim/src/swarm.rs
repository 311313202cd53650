//! The values drawn for a seed: the kinds of fault and their rates, the number of workers, and the step at which faults
//! stop.
//!
//! Swarm testing finds more bugs than a fixed mix: a fault that is always present hides the bugs that need its absence.

use crate::fault::Fault;
use crate::fixture::Fixture;
use crate::stream::scale;
use truecount_engine::hash::{mix, mix_bytes};
use truecount_engine::index::{ix, narrow};

/// Actions that are not faults but may happen at any moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Upkeep {
    /// A surface is viewed.
    Observe,
    /// The sweeper runs early.
    Sweep,
    /// The relay runs early.
    Relay,
    /// The retention job runs.
    Prune,
}

/// The values drawn for one seed. Rates are thresholds for 32 random bits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swarm {
    pub workers: u16,
    /// Number of steps before faults stop.
    pub steps_until_heal: u64,
    /// The sum of all rates.
    pub total: u32,
    /// Each kind with the end of its share of the total.
    pub shares: Vec<(u32, Kind)>,
}

/// A fault or another action that can be drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Fault(Fault),
    /// An action that is not a fault.
    Upkeep(Upkeep),
}

/// How the rates of faults are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rates {
    /// Every kind that the fixture allows, all at the same rate.
    Even,
    /// Some of the kinds, each at its own rate.
    Swarm,
}

/// Random bits for one name under one seed.
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

    /// Draws a rate between 1 / 2^`fewest` and 1 / 2^(`fewest` + `octaves`) as a threshold. All octaves are equally
    /// likely, and so are all rates within an octave. This approximates a draw on a logarithmic scale.
    fn rate(&mut self, fewest: u32, octaves: u32) -> u32 {
        let top = u32::MAX >> (fewest + self.below(octaves));
        top - self.below(top / 2)
    }
}

impl Swarm {
    /// Draws a swarm from a seed's bits. The draw of each kind depends on the tag of the kind, so that a new kind does
    /// not change the draws of other kinds.
    pub fn draw(fixture: &Fixture, base: u64, kind: Rates) -> Self {
        let own = |name: &str| Draw::new(base, name);
        let (least, most) = fixture.workers;
        let workers = least + narrow::<_, u16>(own("workers").below(u32::from(most - least) + 1));
        // One seed in eight has no faults, so that failures that need no fault are also found.
        let fault_free = own("calm").below(8) == 0;
        let mut rates = Vec::new();
        // Only several faults in a row exhaust a limit. This requires high rates, at which little else gets done.
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
                    // A grant must be revoked or lowered before it can be granted again, so either both kinds are
                    // drawn or neither.
                    let first = if fixture.faults.get(Fault::Revoke) > 0 { Fault::Revoke } else { Fault::Lower };
                    let mut draw = own(if fault == Fault::Regrant { first } else { fault }.tag());
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
        // The step at which faults stop lies between the first step and a step well after the one at which a simulation
        // without faults would end.
        let longest = (40 + fixture.units() as u64 * 12) * if fixture.exhaust { 4 } else { 1 };
        let steps = own("heal").below(narrow(longest));
        Self::of(workers, 8 + u64::from(steps), rates)
    }

    /// Returns a swarm for measurements. All allowed kinds have the same rate. `total` is the sum of the rates, in
    /// parts of 2^32.
    pub fn even(fixture: &Fixture, workers: u16, total: u32, steps_until_heal: u64) -> Self {
        let kinds: Vec<Fault> = Fault::ALL.iter().copied().filter(|&fault| fixture.faults.get(fault) > 0).collect();
        let each = total / u32::try_from(kinds.len()).unwrap_or(1).max(1);
        let rates = kinds.into_iter().map(|fault| (each, Kind::Fault(fault))).collect();
        Self::of(workers, steps_until_heal, rates)
    }

    /// Places the shares of the rates one after another. If the rates add up to more than three quarters, all rates are
    /// reduced in proportion. At least a quarter of the steps is therefore left to the work itself, and no kind is cut
    /// off.
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

    /// Returns the kind whose share contains these 32 random bits, or `None` if they are not below the total.
    pub fn pick(&self, bits: u32) -> Option<Kind> {
        self.shares.iter().find(|(end, _)| bits < *end).map(|(_, decision)| *decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draw on a linear scale would put more than half of the rates into the first octave.
    #[test]
    fn all_octaves_of_a_rate_are_equally_likely() {
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

    /// If the sum of the rates exceeds 1, the last kinds must not be cut off.
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
        assert_eq!(roomy.total, 1_000 * kinds, "rates that fit were reduced");
        assert_eq!((roomy.pick(0), roomy.pick(roomy.total)), (Some(Kind::Fault(Fault::ALL[0])), None));
        assert_eq!(Swarm::of(1, 8, Vec::new()).total, 0);
    }
}
