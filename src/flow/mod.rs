//! Searches for enclosures of gradient flows, for their limits, and for what a start decides.

pub mod vector;
