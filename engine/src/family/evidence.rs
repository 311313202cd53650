//! How the evidence snapshot family reads engine rows.

use super::Reading;
use crate::object::{ObjectState, Row};
use crate::unit::Response;

/// Reads the row of a payload item that the snapshot is to store.
pub(super) fn generate(row: Row) -> Reading {
    match row.state {
        ObjectState::Active | ObjectState::Archived | ObjectState::Present => Reading::store(),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}
