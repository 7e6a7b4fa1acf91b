//! Claim files at work: from what was written to theories the kernel can judge.

pub mod elaborate;
pub mod prove;
pub mod radius;
mod roots;
mod search;
