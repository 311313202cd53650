//! Places and lengths as the small numbers that rows and events hold.
//!
//! Independent of what is counted. Tables, plans and scenarios have far fewer members than these numbers can name, so a
//! value that does not fit is a defect. It is asserted: the largest number would name another member.

/// Returns a place or a length as a `u32`, the number of runs, units and jobs.
///
/// # Panics
/// If it does not fit.
#[inline]
#[track_caller]
pub fn ix(place: usize) -> u32 {
    narrow(place)
}

/// Returns a number as one of a smaller type.
///
/// # Panics
/// If it does not fit.
#[inline]
#[track_caller]
pub fn narrow<Wide, Narrow: TryFrom<Wide>>(number: Wide) -> Narrow {
    Narrow::try_from(number)
        .unwrap_or_else(|_| panic!("a number does not fit into {}", std::any::type_name::<Narrow>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_fits_is_the_same_number() {
        assert_eq!((ix(7), narrow::<_, u16>(65_535_u64), narrow::<_, u8>(255_usize)), (7, 65_535, 255));
    }

    #[test]
    #[should_panic(expected = "does not fit into u16")]
    fn a_number_that_does_not_fit_is_a_defect() {
        let _: u16 = narrow(65_536_usize);
    }
}
