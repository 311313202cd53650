//! How the family of evidence snapshots reads its rows.

use super::Reading;
use crate::object::{ObjectState, Row};
use crate::unit::Response;

/// Stores an item of the payload.
pub(super) fn generate(row: Row) -> Reading {
    match row.state {
        ObjectState::Active | ObjectState::Archived | ObjectState::Present => Reading::store(),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}
