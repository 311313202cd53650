//! kubernetes/kubernetes#105200: the controller of a job counts ended pods from a stale view.
//!
//! The controller counts a pod and removes its finalizer. An older view still shows the pod with its finalizer, so the
//! controller counts the pod again. In the fixed variant, the controller compares the view with its own record of
//! counted pods.

use truecount_sim::stream::Stream;

use super::stage::{Stage, UNITS};

#[derive(Clone, Copy, Default)]
struct Pod {
    ended: bool,
    marked_sent: bool,
}

/// Simulates the model.
pub(super) fn run(order: &mut Stream, fixed: bool, stage: &mut Stage<'_>) {
    let mut pods = [Pod::default(); UNITS];
    let mut view = pods;
    while !stage.violated() && !pods.iter().all(|pod| pod.marked_sent) {
        let one = order.below(3) as usize;
        match order.below(3) {
            0 if !pods[one].ended => {
                pods[one].ended = true;
                stage.succeeds(one, u16::try_from(one).unwrap_or(0));
            }
            0 => {}
            1 => view = pods,
            _ => {
                for unit in 0..UNITS {
                    let counted = view[unit].marked_sent || fixed && pods[unit].marked_sent;
                    if view[unit].ended && !counted {
                        pods[unit].marked_sent = true;
                        stage.counts(unit);
                    }
                }
            }
        }
    }
    stage.completes();
}
