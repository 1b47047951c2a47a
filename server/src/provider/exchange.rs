//! One request and what came back, sorted by the question that matters: may it have arrived?

/// What came back, when something did.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// Why nothing came back.
pub(super) enum Silence {
    /// Nothing was sent: refused connection, unknown name, no TLS.
    NotSent(&'static str),
    /// It may have been sent.
    Lost(&'static str),
}

/// Sends a request and reads its answer, at most so many bytes of it.
pub(super) async fn read(
    request: reqwest::RequestBuilder,
    longest: usize,
) -> Result<Reply, Silence> {
    let mut response = request.send().await.map_err(|error| silence(&error))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| match silence(&error) {
        // Once a status line has come back, the request has certainly arrived.
        Silence::NotSent(code) | Silence::Lost(code) => Silence::Lost(code),
    })? {
        if body.len() + chunk.len() > longest {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, body })
}

fn silence(error: &reqwest::Error) -> Silence {
    if error.is_builder() {
        Silence::NotSent("address")
    } else if error.is_connect() {
        Silence::NotSent("connection")
    } else if error.is_timeout() {
        Silence::Lost("timeout")
    } else {
        Silence::Lost("connection_lost")
    }
}
