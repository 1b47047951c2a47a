//! The parsers of outside bytes as they stand in the server and in the sandbox, and nothing of what is around them:
//! compiled from the same files, so that a target needs no database, no web server and half a minute to build.

// What a file of the server calls `crate::phone` and so on.
#[path = "../server/src/media/document.rs"]
pub mod document;
#[path = "../server/src/phone.rs"]
pub mod phone;
#[path = "../server/src/provider"]
pub mod provider {
    #[path = "whatsapp"]
    pub mod whatsapp {
        pub mod callback;
        #[allow(dead_code, reason = "the part that callbacks share with what is asked")]
        mod check;
        pub mod error;
        pub mod review;
    }
    #[path = "twilio"]
    pub mod twilio {
        pub mod callback;
        pub mod error;
    }
    #[path = "smtp"]
    pub mod smtp {
        pub mod bounce;
    }
}
#[path = "../server/src/security"]
pub mod security {
    pub mod signature;
}
#[path = "../server/src/source/mod.rs"]
pub mod source;

/// The sandbox's mail server below its sockets.
#[path = "../sandbox/src/smtp"]
#[allow(dead_code, reason = "what its sessions use")]
pub mod smtp {
    mod address;
    mod body;
    mod command;
    mod lines;

    const SIZE_LIMIT: usize = 10 << 20;

    /// The bytes of a connection, in pieces of this size, as command lines.
    pub fn commands(bytes: &[u8], size: usize) -> Vec<String> {
        let mut lines = lines::Lines::default();
        let mut said = Vec::new();
        for piece in bytes.chunks(size.max(1)) {
            lines.push(piece);
            while let Some(line) = lines.next_line() {
                said.push(match line {
                    lines::Line::Whole(line) => match command::read(&line) {
                        Ok(_) => "250".to_owned(),
                        Err(why) => why.to_owned(),
                    },
                    other => format!("{other:?}"),
                });
            }
        }
        said
    }

    /// The same bytes as the text of a mail: where it ends, and what it is then.
    pub fn text(bytes: &[u8], size: usize) -> Option<(usize, Result<Vec<u8>, String>)> {
        let mut body = body::Body::new();
        let mut before = 0;
        for piece in bytes.chunks(size.max(1)) {
            if let Some(used) = body.push(piece) {
                return Some((before + used, body.finish().map_err(|fault| format!("{fault:?}"))));
            }
            before += piece.len();
        }
        None
    }
}

/// A panic that is caught where it happens (a library's, in `phone`) is no finding: only one that leaves the target.
pub fn forgive_caught_panics() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}
