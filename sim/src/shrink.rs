//! Shrinking by delta debugging: finds the part of a list that a failure needs.
//!
//! See Andreas Zeller and Ralf Hildebrandt, "Simplifying and isolating failure-inducing input", 2002. Parts are
//! removed, large ones first, until no single element can be removed.

/// Returns a part of the list that still fails and from which no single element can be removed. The whole list must
/// fail.
pub fn shrink<T: Clone>(list: &[T], mut fails: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut kept = list.to_vec();
    let mut part = kept.len().div_ceil(2);
    while part > 0 {
        let mut place = 0;
        let before = kept.len();
        while place < kept.len() {
            let mut rest = kept.clone();
            rest.drain(place..(place + part).min(kept.len()));
            if fails(&rest) {
                kept = rest;
            } else {
                place += part;
            }
        }
        // A removal may make an earlier element unnecessary, so single elements are tried until none can be removed.
        part = match part {
            1 if kept.len() < before => 1,
            1 => 0,
            part => part.div_ceil(2),
        };
    }
    kept
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one(&[7])]
    #[case::two_far_apart(&[0, 99])]
    #[case::three(&[13, 14, 57])]
    #[case::none(&[])]
    fn exactly_the_needed_elements_remain(#[case] needed: &[u32]) {
        let all: Vec<u32> = (0..100).collect();
        let mut tries = 0;
        let kept = shrink(&all, |part| {
            tries += 1;
            needed.iter().all(|one| part.contains(one))
        });
        assert_eq!(kept, needed);
        assert!(tries < 200, "{tries} tries");
    }

    #[test]
    fn an_element_needed_only_by_a_removed_element_is_removed() {
        // 5 is needed only as long as 50 is in the list.
        let all: Vec<u32> = (0..60).collect();
        let fails = |part: &[u32]| part.contains(&9) && (part.contains(&5) || !part.contains(&50));
        assert_eq!(shrink(&all, fails), [9]);
    }
}
