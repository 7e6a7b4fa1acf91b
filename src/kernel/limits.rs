//! Every limit of the kernel, with its reason: hitting one is a rejection, never a wrong answer.

/// Largest number of nodes of one expression table; a cost is a line, its derivatives a page.
pub const NODES: usize = 200_000;
/// Largest number of nodes of a table with the first and second derivatives of a cost: each is some times as long as it.
pub const DERIVED_NODES: usize = 1 << 20;
/// Largest absolute value of numerator or denominator of an exponent: powers are computed, not stored.
pub const EXPONENT: u32 = 10_000;
/// Longest decimal or hexadecimal text of one number, in bytes.
pub const NUMBER_TEXT: usize = 20_000;
/// Smallest and largest working precision in bits.
pub const PRECISION: std::ops::RangeInclusive<u32> = 32..=65_536;
/// Exact rationals longer than this many bits are replaced by enclosures during evaluation.
pub const EXACT_BITS: u32 = 8_192;
/// Largest degree of a dense univariate polynomial.
pub const DEGREE: usize = 400;
/// Largest number of terms of a multivariate polynomial in the zero test.
pub const TERMS: usize = 20_000;
/// Longest rendering of an expression, in bytes.
pub const RENDERED: usize = 4_000;
/// Largest binary exponent of a constant expression that is used as an exact place: beyond it rationals get too long.
pub const CONSTANT_EXPONENT: u32 = 1 << 20;
/// Most units of work that one certificate may cause; a unit is an operation on an enclosure of ordinary precision.
pub const WORK: u64 = 1 << 30;
/// Longest monomial of a growth scale, in bits of all its exponents together: honest ones have a few short exponents.
pub const MONOMIAL_BITS: u32 = 2_048;
/// Most products of terms that the normal forms of one theory may take: a page of algebra needs some thousands.
pub const TERM_PRODUCTS: u64 = 1 << 22;
/// Longest numerator or denominator of a coefficient of a normal form, in bits.
pub const COEFFICIENT_BITS: u32 = 1 << 17;
/// Longest name in a theory, in bytes.
pub const NAME: usize = 64;
/// Most indices of a theory.
pub const INDICES: usize = 1_000;
/// Most terms of one scalar in a normal form.
pub const FORM_TERMS: usize = 50_000;
/// Largest exponent of a power that is multiplied out.
pub const LITERAL_POWER: u32 = 64;
/// Largest number of letters of a word.
pub const WORD: usize = 1_000;
/// Largest number of entries of a matrix that is written out.
pub const ENTRIES: usize = 10_000;
/// Largest number of nodes of a theory; a long lemma for eight layers needs some thousands.
pub const THEORY_NODES: usize = 20_000;
/// Highest order of a Taylor form in a quadrature: work grows with its square.
pub const QUADRATURE_ORDER: usize = 4_096;
/// Most layers of a network, so that a statement about it stays readable.
pub const LAYERS: usize = 32;
/// Most entries of one layer of a network, or of the matrix that its cost takes.
pub const LAYER_ENTRIES: usize = 1_024;
/// Most entries of the matrix that a cost takes: each has a derivative of its own.
pub const COST_ENTRIES: usize = 64;
/// Most units of work that one network certificate may cause; a unit is a term of a polynomial in the entries.
pub const NETWORK_WORK: u64 = 1 << 22;
/// Most coordinates of a vector field: the logarithmic norm takes the cube of their number.
pub const COORDINATES: usize = 400;
/// Highest order in time of one step of a tube: 4096 bits want about a thousand.
pub const STEP_ORDER: u16 = 2_048;
/// Most parts of one step of a tube.
pub const STEP_PARTS: usize = 1_024;
/// Most steps of one tube.
pub const STEPS: usize = 100_000;
/// Highest degree in the starts of the polynomials of a tube: there are very many monomials.
pub const START_DEGREE: u8 = 4;
/// Most monomials in the starts of the polynomials of a tube.
pub const START_MONOMIALS: usize = 20_000;
/// Products of intervals for which the Jacobian of a part of a step of a tube may depend on the start.
pub const BENT_WORK: u64 = 1 << 25;
/// Words of memory that the Jacobian of a part of a step of a tube may take to depend on the start.
pub const BENT_WORDS: u64 = 1 << 26;
/// Most units of work of all tubes of a certificate; a unit is a product of two numbers of ordinary precision.
pub const TUBE_WORK: u64 = 1 << 36;
/// Most words of 64 bits that one step of a tube may take, and that all its steps may leave: 2 GiB.
pub const TUBE_WORDS: u64 = 1 << 28;
/// Longest numerator or denominator of the time that a tube has reached, in bits.
pub const TIME_BITS: u32 = 1 << 20;
/// Most units of work that the claims about one vector system may cause; a unit is a product of enclosures per 64 bits of
/// precision. A time with a thousand digits needs some 2^29 for a polynomial cost.
pub const VECTOR_WORK: u64 = 1 << 32;
/// Highest precision of claims about critical points, in bits: a point is one box, and boxes of more bits serve nobody.
pub const SADDLE_PRECISION: u32 = 4_096;
/// Most critical points of one certificate.
pub const SADDLE_POINTS: usize = 10_000;
/// Most entries of all layers together when a Hessian is written out.
pub const SADDLE_ENTRIES: usize = 400;
/// Most units of work that one certificate about critical points may cause; a unit is an operation of 64 bits.
pub const SADDLE_WORK: u64 = 1 << 36;
/// Largest size of the compound matrix whose eigenvalues are critical values.
pub const COMPOUND: usize = 20;
