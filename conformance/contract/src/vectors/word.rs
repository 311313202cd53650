//! The engine's enums as written in vector files, which use the engine's own names.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use truecount_engine::counts::Key;
use truecount_engine::family::FamilyId;
use truecount_engine::mode::Mode;
use truecount_engine::run::{Outcome, Status};

/// A type whose values have names.
pub(super) trait Named: Copy + 'static {
    /// The noun for the type in messages.
    const WHAT: &'static str;
    /// All values of the type.
    const ALL: &'static [Self];

    /// Returns the name of the value.
    fn word(self) -> &'static str;
}

macro_rules! named {
    ($($what:literal $type:ident $all:expr;)*) => {$(
        impl Named for $type {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &$all;

            fn word(self) -> &'static str {
                self.name()
            }
        }
    )*};
}

named! {
    "family" FamilyId FamilyId::ALL;
    "summary key" Key Key::ALL;
    "mode" Mode [Mode::Counted, Mode::Phased, Mode::Activity];
    "outcome" Outcome Outcome::ALL;
    "status" Status Status::ALL;
}

/// A value that is read and written as its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word<T>(pub(super) T);

impl<'de, T: Named> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <&str>::deserialize(deserializer)?;
        let value = T::ALL.iter().copied().find(|value| value.word() == word);
        value.map(Self).ok_or_else(|| D::Error::custom(format!("`{word}` is not a valid {}", T::WHAT)))
    }
}

impl<T: Named> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}
