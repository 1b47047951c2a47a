//! Tables as text (RFC 4180): read as spreadsheets write them, written so that spreadsheets only show them.

/// What is wrong with a table as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A quote that opens in this line never closes.
    Quote {
        /// Counted from one.
        line: usize,
    },
}

/// One row with the line it begins in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Counted from one.
    pub line: usize,
    /// Its cells, without quotes and surrounding space.
    pub cells: Vec<String>,
}

/// Reads a table whose cells are separated by commas, semicolons or tabs, whichever the first line has
/// most of outside its quotes. Empty lines are left out; a byte order mark is no text.
///
/// # Errors
/// [`Fault::Quote`].
pub fn read(text: &str) -> Result<Vec<Row>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator(text);
    let mut rows = Vec::new();
    let (mut line, mut began) = (1, 1);
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut quoted: Option<usize> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted.is_some() && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted.is_some() => quoted = None,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = Some(line);
            }
            '\r' if quoted.is_none() && letters.peek() == Some(&'\n') => {}
            '\n' | '\r' if quoted.is_none() => {
                cells.push(std::mem::take(&mut cell).trim().to_owned());
                rows.push(Row { line: began, cells: std::mem::take(&mut cells) });
                line += 1;
                began = line;
            }
            other if quoted.is_none() && other == separator => {
                cells.push(std::mem::take(&mut cell).trim().to_owned());
            }
            other => {
                line += usize::from(other == '\n');
                cell.push(other);
            }
        }
    }
    if let Some(line) = quoted {
        return Err(Fault::Quote { line });
    }
    cells.push(cell.trim().to_owned());
    rows.push(Row { line: began, cells });
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    Ok(rows)
}

fn separator(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0_usize), (';', 0), ('\t', 0)];
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            other if !quoted => {
                for (separator, count) in &mut counts {
                    *count += usize::from(*separator == other);
                }
            }
            _ => {}
        }
    }
    // The comma wins a draw.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| separator)
}

/// Writes a row. What a spreadsheet would take for a formula gets an apostrophe before it: a stranger's
/// words must not compute on the merchant's machine. A telephone number is none.
#[must_use]
pub fn line(cells: &[&str]) -> String {
    let mut text = cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
    text.push_str("\r\n");
    text
}

fn quoted(cell: &str) -> String {
    let phone = cell
        .strip_prefix('+')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    // Also behind space, which some programs skip.
    let computes = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        || cell.starts_with(['\t', '\r', '\n']);
    let guard = if computes && !phone { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).expect("a table").into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn tables_are_read_as_spreadsheets_write_them() {
        for text in
            ["a,b\n1, 2 \n", "\u{feff}a;b\r\n1;2", "a\tb\r1\t2\r\n\r\n", "\"a\",\"b\"\n\"1\",2"]
        {
            assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        let rows = read("a,b\n\"one\ntwo, \"\"three\"\"\",x\n\ny,z").expect("a table");
        assert_eq!(rows[1].cells, ["one\ntwo, \"three\"", "x"]);
        assert_eq!((rows[1].line, rows[2].line), (2, 5));
        assert_eq!(read("a\n\"b\nc"), Err(Fault::Quote { line: 2 }));
        assert_eq!(read(""), Ok(vec![]));
        // What stands in quotes separates nothing, in the first line neither.
        assert_eq!(cells("\"a;b;c\",\"d\"\n1,2"), [["a;b;c", "d"], ["1", "2"]]);
    }

    #[test]
    fn nothing_computes_in_a_spreadsheet_and_numbers_stay_numbers() {
        for text in ["=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"] {
            assert!(line(&[text]).starts_with("\"'"), "{text:?}");
        }
        assert_eq!(line(&["+33639980042", "a \"b\""]), "\"+33639980042\",\"a \"\"b\"\"\"\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rows in proptest::collection::vec(proptest::collection::vec("[a-z\",;][a-z\",;\n]{0,8}", 2), 1..5)) {
            let text: String = rows.iter().map(|row| line(&[&row[0], &row[1]])).collect();
            let expected: Vec<Vec<String>> = rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
                .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
                .collect();
            prop_assert_eq!(cells(&text), expected);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
