//! The portfolio: the schedulers of which each seed draws one. Any of them can also be used alone for all seeds.
//!
//! No scheduler is the best for every bug. The worst scheduler for a bug may need a hundred times as many seeds as the
//! best. For every bug, the portfolio needs only a few times as many seeds as the best scheduler.

use truecount_engine::index::narrow;

use crate::fixture::Fixture;
use crate::stream::Stream;
use crate::swarm::{Draw, Rates, Swarm};

/// A scheduler, with the rates at which faults are injected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Member {
    /// The next actor is drawn at each step, and all kinds of fault have the same rate.
    Uniform,
    /// Priorities change once. Faults are drawn as for the swarm.
    Pct2,
    /// Priorities change twice. Faults are drawn as for the swarm.
    Pct3,
    /// The next actor is drawn at each step. Only some kinds of fault may be injected, each at its own rate.
    Swarm,
}

impl Member {
    /// Every scheduler.
    pub const ALL: [Self; 4] = [Self::Uniform, Self::Pct2, Self::Pct3, Self::Swarm];

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Pct2 => "pct2",
            Self::Pct3 => "pct3",
            Self::Swarm => "swarm",
        }
    }

    /// Returns the depth of the bugs for which the scheduler searches, or `None` if it does not use priorities.
    pub const fn depth(self) -> Option<u8> {
        match self {
            Self::Pct2 => Some(2),
            Self::Pct3 => Some(3),
            Self::Uniform | Self::Swarm => None,
        }
    }
}

/// The values drawn for one seed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawn {
    /// The scheduler.
    pub member: Member,
    /// The expected number of times that the scheduler picks a choice.
    pub picks: u32,
    /// Rates, the number of workers, and the step at which faults stop.
    pub swarm: Swarm,
}

impl Drawn {
    /// Draws the scheduler and the swarm for a seed. `only` replaces the drawn scheduler. All values that do not depend
    /// on the scheduler stay the same.
    pub fn draw(fixture: &Fixture, seed: u64, only: Option<Member>) -> Self {
        let base = Stream::new("swarm", &fixture.key, seed).bits();
        let drawn = Draw::new(base, "scheduler").below(u32::try_from(Member::ALL.len()).unwrap_or(1));
        let member = only.unwrap_or(Member::ALL[drawn as usize]);
        let rates = if member == Member::Uniform { Rates::Even } else { Rates::Swarm };
        Self { member, picks: picks(fixture), swarm: Swarm::draw(fixture, base, rates) }
    }
}

/// Returns the expected number of picks in a simulation, estimated for a simulation without faults.
fn picks(fixture: &Fixture) -> u32 {
    let (runs, units) = (fixture.runs.len() as u64, fixture.units() as u64);
    narrow(runs * 20 + units * 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Fault, PerFault};
    use crate::fixture::{ResponseTable, Surface};
    use crate::swarm::Kind;
    use truecount_engine::hash::mix;
    use truecount_engine::id::ActorId;

    fn fixture() -> Fixture {
        let mut faults = PerFault::default();
        for fault in [Fault::CrashAfter, Fault::Stall, Fault::Redeliver] {
            faults.set(fault, 3);
        }
        Fixture {
            key: "portfolio".to_owned(),
            grants: Vec::new(),
            objects: Vec::new(),
            names: Vec::new(),
            runs: Vec::new(),
            workers: (1, 4),
            faults,
            exhaust: false,
            surfaces: Vec::new(),
            responses: ResponseTable::nothing(),
        }
    }

    /// The number of kinds of fault when the digest was computed. A new kind does not change the draws of these kinds.
    const KINDS: usize = 26;

    /// The draw of a seed depends on the tags of all kinds of fault. It also depends on the names `observe`, `sweep`,
    /// `relay`, `prune`, `workers`, `calm`, `heal`, `even` and `scheduler`. If this test fails, every recorded seed has
    /// changed its meaning.
    #[test]
    fn the_draw_of_a_seed_never_changes() {
        let mut faults = PerFault::default();
        for fault in &Fault::ALL[..KINDS] {
            faults.set(*fault, 3);
        }
        let surfaces = vec![Surface { actor: ActorId(0), tenant: None }];
        let fixture = Fixture { faults, surfaces, ..fixture() };
        let mut digest = 0;
        for seed in 0..256 {
            let drawn = Drawn::draw(&fixture, seed, None);
            digest = mix(digest, drawn.member as u64);
            digest = mix(digest, u64::from(drawn.swarm.workers) << 32 | drawn.swarm.steps_until_heal);
            for (end, decision) in drawn.swarm.shares {
                let kind = match decision {
                    Kind::Fault(fault) => fault as u64,
                    Kind::Upkeep(upkeep) => 1_000 + upkeep as u64,
                };
                digest = mix(mix(digest, u64::from(end)), kind);
            }
        }
        assert_eq!(digest, 13_672_949_721_791_877_236);
    }

    #[test]
    fn each_scheduler_gets_about_a_quarter_of_the_seeds() {
        let fixture = fixture();
        let drawn: Vec<Member> = (0..1_000).map(|seed| Drawn::draw(&fixture, seed, None).member).collect();
        for member in Member::ALL {
            let seeds = drawn.iter().filter(|drawn| **drawn == member).count();
            assert!((200..300).contains(&seeds), "{}: {seeds}", member.name());
        }
    }

    /// If the scheduler that a seed draws is used alone, the seed draws the same values. A failure that this scheduler
    /// alone finds at the seed is therefore also found by the portfolio.
    #[test]
    fn a_scheduler_used_alone_gets_the_same_draws_as_in_the_portfolio() {
        let fixture = fixture();
        for seed in 0..100 {
            let drawn = Drawn::draw(&fixture, seed, None);
            assert_eq!(Drawn::draw(&fixture, seed, Some(drawn.member)), drawn);
            let others = Member::ALL.into_iter().filter(|member| *member != drawn.member);
            for other in others.map(|member| Drawn::draw(&fixture, seed, Some(member)).swarm) {
                assert_eq!(
                    (other.workers, other.steps_until_heal),
                    (drawn.swarm.workers, drawn.swarm.steps_until_heal)
                );
            }
        }
    }

    #[test]
    fn uniform_rates_are_equal_and_swarm_rates_differ() {
        let fixture = fixture();
        let rates = |seed, member| {
            let swarm = Drawn::draw(&fixture, seed, Some(member)).swarm;
            let faults = swarm.shares.iter().take_while(|(_, decision)| matches!(decision, Kind::Fault(_)));
            let ends: Vec<u32> = std::iter::once(0).chain(faults.map(|(end, _)| *end)).collect();
            ends.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<u32>>()
        };
        let (mut subsets, mut unequal) = (0, 0);
        for seed in 0..200 {
            let even = rates(seed, Member::Uniform);
            assert!(even.is_empty() || even.len() == 3 && even.iter().all(|rate| *rate == even[0]), "{even:?}");
            let swarm = rates(seed, Member::Swarm);
            subsets += usize::from((1..3).contains(&swarm.len()));
            unequal += usize::from(swarm.len() > 1 && swarm[0] != swarm[1]);
            assert_eq!(swarm, rates(seed, Member::Pct2), "seed {seed}: the rates of swarm and pct2 differ");
        }
        assert!(subsets > 80 && unequal > 50, "{subsets} {unequal}");
    }
}
