//! The accept loop. It is our own because a fault may ask to hang up on a caller in the middle of
//! a request, which a handler cannot do.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// A mark on an answer: close the connection instead of sending it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HangUp;

impl HangUp {
    pub(crate) fn response() -> Response {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.extensions_mut().insert(Self);
        response
    }
}

/// What hyper is told so that it drops the connection.
#[derive(Debug, thiserror::Error)]
#[error("a fault closed the connection")]
struct HungUp;

/// Serves until `closing` is cancelled, then lets calls under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    closing: CancellationToken,
    killed: CancellationToken,
) {
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            () = closing.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file handles, most likely: leave room for others to close theirs.
                    tracing::warn!(%error, "the sandbox could not accept a connection");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        converse(stream, app.clone(), &graceful, killed.clone());
    }
    drop(listener);
    graceful.shutdown().await;
}

fn converse(
    stream: TcpStream,
    app: Router,
    graceful: &GracefulShutdown,
    killed: CancellationToken,
) {
    // Small answers: waiting for more to send would only add latency.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<_>| {
        let mut app = app.clone();
        async move {
            let answer: Result<Response, Infallible> = app.call(request.map(Body::new)).await;
            let Ok(answer) = answer;
            match answer.extensions().get::<HangUp>() {
                Some(HangUp) => Err(HungUp),
                None => Ok(answer),
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // Callers come and go; a broken connection is theirs to notice.
        let _ = killed.run_until_cancelled(connection).await;
    });
}
