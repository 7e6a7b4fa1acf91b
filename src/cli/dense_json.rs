//! Certificates on paper: a line for every expression and every part of an argument, not one for every number.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Values nested deeper than this stay on one line.
const DEPTH: usize = 3;

/// Writes a value as JSON that can be read, compared line by line, and is not much longer than without spaces.
pub(super) fn to_vec(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(
        &mut bytes,
        Dense { depth: 0, empty: true },
    ))?;
    bytes.push(b'\n');
    Ok(bytes)
}

struct Dense {
    depth: usize,
    /// Whether nothing has been written since the last bracket was opened.
    empty: bool,
}

impl Dense {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if !self.empty && depth <= DEPTH {
            newline(writer, self.depth)?;
        }
        self.empty = false;
        writer.write_all(bracket)
    }

    fn separate<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.empty = false;
        if self.depth <= DEPTH {
            newline(writer, self.depth)
        } else {
            Ok(())
        }
    }
}

fn newline<W: ?Sized + Write>(writer: &mut W, depth: usize) -> io::Result<()> {
    writer.write_all(b"\n")?;
    (0..depth).try_for_each(|_| writer.write_all(b" "))
}

impl Formatter for Dense {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn shallow_values_have_lines_and_deep_ones_do_not() {
        let value = json!({"a": 1, "b": [], "c": [{"kind": "x", "cuts": [1, 2, {"d": [3]}]}]});
        let text = String::from_utf8(to_vec(&value).unwrap()).unwrap();
        assert_eq!(
            text,
            "{\n \"a\":1,\n \"b\":[],\n \"c\":[\n  {\n   \"kind\":\"x\",\n   \"cuts\":[1,2,{\"d\":[3]}]\n  }\n ]\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
