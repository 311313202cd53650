//! Each goal with a short trace that reaches it and a near miss that does not: a goal that anything reaches, or nothing
//! can, says nothing.

mod cases;
mod tape;

use std::collections::BTreeSet;

use cases::{BY_FAULT, BY_PACK, BY_RUN, Case};

use super::{Goal, GoalSet};

fn cases() -> impl Iterator<Item = &'static Case> {
    BY_FAULT.iter().chain(BY_RUN).chain(BY_PACK)
}

#[test]
fn each_goal_is_reached_by_its_example_and_not_by_its_near_miss() {
    for Case { goal, reached, missed } in cases() {
        assert!(reached().goals().contains(*goal), "{} is not reached", goal.id());
        assert!(!missed().goals().contains(*goal), "{} is reached by a near miss", goal.id());
    }
}

#[test]
fn there_is_a_case_for_each_goal() {
    let with: BTreeSet<Goal> = cases().map(|case| case.goal).collect();
    let without: Vec<&str> = Goal::ALL.iter().filter(|goal| !with.contains(goal)).map(|goal| goal.id()).collect();
    assert_eq!(without, Vec::<&str>::new(), "write an example and a near miss");
}

#[test]
fn ids_are_unique_and_sentences_end() {
    let ids: BTreeSet<&str> = Goal::ALL.iter().map(|goal| goal.id()).collect();
    assert_eq!(ids.len(), Goal::ALL.len());
    assert!(Goal::ALL.iter().all(|goal| goal.sentence().ends_with('.')));
}

#[test]
fn a_set_holds_the_first_and_the_last_goal() {
    let (first, last) = (Goal::ALL[0], Goal::ALL[Goal::ALL.len() - 1]);
    let mut set = GoalSet::default();
    set.extend([first, last]);
    assert_eq!(set.iter().collect::<Vec<_>>(), [first, last]);
    let mut other = GoalSet::default();
    other.insert(first);
    assert_eq!(set.beyond(other).iter().collect::<Vec<_>>(), [last]);
    assert_eq!(GoalSet::default().iter().count(), 0);
}
