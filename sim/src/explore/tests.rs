//! Searches of small graphs with planted cycles.

use rstest::rstest;

use super::*;

const BOUNDS: Bounds = Bounds { states: 10_000, generated: 100_000, depth: 1_000 };

/// A graph of numbered states. A step is (process, target state). Faults have stopped in the states numbered 100 and
/// above.
struct Planted {
    edges: Vec<(u32, u8, u32)>,
    bad: Vec<u32>,
    on_violation: OnViolation,
}

impl Planted {
    fn of(edges: &[(u32, u8, u32)]) -> Self {
        Self { edges: edges.to_vec(), bad: Vec::new(), on_violation: OnViolation::Stop }
    }

    fn search(mut self, start: u32) -> Explored<(u8, u32)> {
        explore(&mut self, &start, BOUNDS, &mut ())
    }
}

impl Model for Planted {
    type State = u32;
    type Step = (u8, u32);

    fn steps(&mut self, state: &mut u32, steps: &mut Vec<(u8, u32)>) {
        steps.extend(self.edges.iter().filter(|(from, ..)| from == state).map(|(_, process, to)| (*process, *to)));
    }

    fn take(&mut self, state: &mut u32, (_, to): (u8, u32)) -> Taken {
        *state = to;
        if self.bad.contains(&to) { Taken::Violation } else { Taken::Moved }
    }

    fn fingerprint(&mut self, state: &u32) -> u128 {
        u128::from(*state)
    }

    fn at_rest(&mut self, state: &mut u32) -> bool {
        self.bad.contains(state)
    }

    fn healing(&self, state: &u32) -> bool {
        *state >= 100
    }

    fn process(&self, _: &u32, (process, _): (u8, u32)) -> u8 {
        process
    }

    fn on_violation(&mut self, _: &mut u32) -> OnViolation {
        self.on_violation
    }
}

#[rstest]
#[case::two_states_in_a_cycle(&[(100, 0, 101), (101, 0, 100)], true)]
#[case::one_state_in_a_cycle(&[(100, 0, 100)], true)]
#[case::a_cycle_with_an_exit(&[(100, 0, 101), (101, 0, 100), (101, 0, 102)], true)]
// Before faults have stopped, a cycle is allowed.
#[case::before_faults_stop(&[(1, 0, 2), (2, 0, 1), (2, 0, 100)], false)]
// The search reaches 104 through 102, 103 and 105. The step from 104 back to 103 closes the cycle.
#[case::closed_late(&[(100, 0, 102), (102, 0, 103), (100, 0, 104), (103, 0, 105), (105, 0, 104), (104, 0, 103)], true)]
#[case::closed_late_through_a_finished_state(
    &[(1, 0, 101), (101, 0, 102), (102, 0, 110), (1, 0, 103), (103, 0, 104), (104, 0, 105), (105, 0, 103), (105, 0, 102)],
    true
)]
#[case::no_cycle(&[(100, 0, 101), (100, 0, 102), (101, 0, 103), (102, 0, 103)], false)]
// Process 1 is always enabled, and its step leaves the cycle, so a fair scheduler does not stay in the cycle.
#[case::unfair(&[(100, 0, 101), (101, 0, 100), (100, 1, 102), (101, 1, 102)], false)]
// Process 1 is not enabled in 101, so a fair scheduler can stay in the cycle.
#[case::not_always_enabled(&[(100, 0, 101), (101, 0, 100), (100, 1, 102)], true)]
#[case::both_take_part(&[(100, 0, 101), (101, 1, 100), (100, 1, 101), (101, 0, 100)], true)]
fn only_fair_cycles_are_found(#[case] edges: &[(u32, u8, u32)], #[case] found: bool) {
    let start = edges[0].0;
    let explored = Planted::of(edges).search(start);
    assert_eq!(explored.cut, None);
    assert_eq!(explored.cycle.is_some(), found, "{explored:?}");
}

/// Compares the cycles found in random graphs with the definition of a fair cycle. A fair cycle is a set of states that
/// meets two conditions. Each state leads to all states of the set without leaving the set. Each process that is
/// enabled in all of these states takes a step within the set. The test tries every set of states.
#[test]
fn fair_cycles_in_random_graphs_match_the_definition() {
    let mut stream = crate::stream::Stream::new("explore", "graphs", 0);
    let (mut cycles, mut unfair) = (0, 0);
    for _ in 0..2_000 {
        let nodes = 2 + stream.below(6);
        let edge = |stream: &mut crate::stream::Stream| {
            let [from, to] = [(); 2].map(|()| 100 + stream.below(nodes));
            (from, u8::try_from(stream.below(3)).unwrap_or(0), to)
        };
        let edges: Vec<(u32, u8, u32)> = (0..nodes + stream.below(6)).map(|_| edge(&mut stream)).collect();
        // The states reached from a state without leaving the set.
        let met = |from: u32, set: &dyn Fn(u32) -> bool| {
            let mut met: Vec<u32> = Vec::new();
            let mut waiting = vec![from];
            while let Some(node) = waiting.pop() {
                for (.., to) in edges.iter().filter(|(of, _, to)| *of == node && set(*to)) {
                    if !met.contains(to) {
                        met.push(*to);
                        waiting.push(*to);
                    }
                }
            }
            met
        };
        let mut all = met(100, &|_| true);
        all.push(100);
        let (mut fair, mut any) = (false, false);
        for bits in 1_u32..1 << nodes {
            let set = |node: u32| bits >> (node - 100) & 1 != 0;
            let members: Vec<u32> = (100..100 + nodes).filter(|node| set(*node)).collect();
            let inside = members.iter().all(|node| {
                let met = met(*node, &set);
                all.contains(node) && members.iter().all(|other| met.contains(other))
            });
            let moves_within = |process: u8| {
                let could = |node: &u32| edges.iter().any(|(of, by, _)| (of, *by) == (node, process));
                let does = edges.iter().any(|(of, by, to)| *by == process && set(*of) && set(*to));
                does || !members.iter().all(could)
            };
            any |= inside;
            fair |= inside && (0..3).all(moves_within);
        }
        cycles += u32::from(fair);
        unfair += u32::from(any && !fair);
        assert_eq!(Planted::of(&edges).search(100).cycle.is_some(), fair, "{edges:?}");
    }
    assert!(
        (200..1_900).contains(&cycles) && unfair > 50,
        "unexpected numbers of graphs: {cycles} with fair cycles, {unfair} with only unfair cycles"
    );
}

#[test]
fn states_and_steps_are_counted_exactly() {
    let explored = Planted::of(&[(1, 0, 2), (1, 0, 3), (2, 0, 4), (3, 0, 4), (4, 0, 1)]).search(1);
    assert_eq!((explored.states, explored.edges, explored.generated, explored.rests), (4, 5, 5, 0));
}

#[test]
fn the_path_to_a_violated_clause_is_recorded() {
    let mut planted = Planted::of(&[(1, 0, 2), (2, 0, 3), (3, 0, 9), (2, 0, 8)]);
    planted.bad = vec![8, 9];
    planted.on_violation = OnViolation::Keep;
    let explored = planted.search(1);
    assert_eq!(explored.violations, [vec![(0, 2), (0, 3), (0, 9)], vec![(0, 2), (0, 8)]]);
    assert_eq!(explored.cut, None);
    let mut planted = Planted::of(&[(1, 0, 2), (2, 0, 3), (3, 0, 9), (2, 0, 8)]);
    planted.bad = vec![8, 9];
    let stopped = planted.search(1);
    assert_eq!((stopped.violations.len(), stopped.cut), (1, Some(Cut::Violation)));
}

#[rstest]
#[case::states(Bounds { states: 50, ..BOUNDS }, Cut::States)]
#[case::steps(Bounds { generated: 20, ..BOUNDS }, Cut::Steps)]
#[case::depth(Bounds { depth: 30, ..BOUNDS }, Cut::Depth)]
fn a_search_that_reaches_a_bound_ends_and_reports_the_bound(#[case] bounds: Bounds, #[case] cut: Cut) {
    let mut long = Planted::of(&(1..90).map(|node| (node, 0, node + 1)).collect::<Vec<_>>());
    assert_eq!(explore(&mut long, &1, BOUNDS, &mut ()).cut, None);
    let explored = explore(&mut long, &1, bounds, &mut ());
    assert_eq!(explored.cut, Some(cut));
    assert!(
        explored.states <= bounds.states && explored.generated <= bounds.generated && explored.depth <= bounds.depth
    );
}

/// `Pace` is called each time a fixed number of steps has been taken, so that a search of any size can be ended.
#[test]
fn a_search_ends_at_the_request_of_its_caller() {
    struct No;
    impl Pace for No {
        fn continues(&mut self, _: u32, _: u64) -> bool {
            false
        }
    }
    let far = u32::try_from(PACE * 2).expect("a few thousand");
    let mut long = Planted::of(&(1..far).map(|node| (node, 0, node + 1)).collect::<Vec<_>>());
    let explored = explore(&mut long, &1, Bounds { depth: far, ..BOUNDS }, &mut No);
    assert_eq!((explored.cut, explored.generated), (Some(Cut::Asked), PACE));
}
