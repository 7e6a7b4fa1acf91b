//! Searches for enclosures of gradient flows, for their limits, and for what a start decides.

pub mod barrier;
mod domain;
mod effort;
pub mod follow;
mod open;
pub mod run;
pub mod settle;
mod sizes;
pub mod tube;
pub mod vector;

#[cfg(test)]
mod tests;
