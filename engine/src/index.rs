//! Conversion of indices and lengths to the small integers that are stored in rows and events.
//!
//! Tables, plans and scenarios have far fewer members than these integers can represent, so a value that does not fit
//! is a bug. Such a value causes a panic, since clamping would make it refer to a different member.

/// Returns an index or a length as a `u32`, the type in which runs, units and jobs are numbered.
///
/// # Panics
/// If the value does not fit.
#[inline]
#[track_caller]
pub fn ix(place: usize) -> u32 {
    narrow(place)
}

/// Returns a number as a smaller type.
///
/// # Panics
/// If the number does not fit.
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
    fn a_number_that_fits_is_unchanged() {
        assert_eq!((ix(7), narrow::<_, u16>(65_535_u64), narrow::<_, u8>(255_usize)), (7, 65_535, 255));
    }

    #[test]
    #[should_panic(expected = "does not fit into u16")]
    fn a_number_that_does_not_fit_panics() {
        let _: u16 = narrow(65_536_usize);
    }
}
