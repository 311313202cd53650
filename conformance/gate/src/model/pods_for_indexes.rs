//! kubernetes/kubernetes#99865: an indexed job counts succeeded pods instead of completed indexes.
//!
//! Two pods are started for one index, because the first pod was not visible yet. Both succeed. After the pods of
//! indexes 0, 1 and 1 have ended, three pods have succeeded. Although index 2 was never completed, the job shows "3 of
//! 3". In the fixed variant, the controller counts the completed indexes.

use truecount_sim::stream::Stream;

use super::stage::{Stage, UNITS};

/// Simulates the model.
pub(super) fn run(order: &mut Stream, fixed: bool, stage: &mut Stage<'_>) {
    let (mut started, mut running, mut succeeded) = (0_u16, Vec::new(), 0_usize);
    let (mut done, mut counted) = ([false; UNITS], [false; UNITS]);
    loop {
        match order.below(3) {
            0 => {
                let index = order.below(3) as usize;
                // A pod that seems to be missing may be running without being visible yet.
                if !done[index] {
                    running.push((index, started));
                    started += 1;
                }
            }
            1 if !running.is_empty() => {
                let (index, pod) = running.swap_remove(order.below(u32::try_from(running.len()).unwrap_or(1)) as usize);
                (done[index], succeeded) = (true, succeeded + 1);
                stage.succeeds(index, pod);
            }
            1 => {}
            _ => {
                for index in (0..UNITS).filter(|index| done[*index]) {
                    if !std::mem::replace(&mut counted[index], true) {
                        stage.counts(index);
                    }
                }
                let complete = if fixed { counted.iter().filter(|counted| **counted).count() } else { succeeded };
                if complete >= UNITS || stage.violated() {
                    return stage.completes();
                }
            }
        }
    }
}
