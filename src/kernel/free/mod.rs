//! Free matrix algebra: words in letters of symbolic shape, equal for all sizes if their normal forms agree.

pub mod data;
pub mod index;
pub mod shape;
