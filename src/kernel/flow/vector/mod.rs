//! The flow of f(w2 w1) with a row w2 and a column w1: a scalar equation for z = w2 w1 decides everything.

pub mod data;
