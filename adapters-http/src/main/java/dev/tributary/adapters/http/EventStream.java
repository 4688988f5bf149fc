package dev.tributary.adapters.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events, written by the request's own thread. Each is flushed: who listens sees it at once. */
final class EventStream {

  private final OutputStream out;

  EventStream(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream; charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    // Else a proxy may keep events until it has a page full of them.
    response.setHeader("X-Accel-Buffering", "no");
    this.out = response.getOutputStream();
    comment("here");
  }

  /** @param data one line */
  void send(String event, String data) throws IOException {
    write("event: " + event + "\ndata: " + data + "\n\n");
  }

  /** An event without a name, whose id a client gives back when it comes again. */
  void sendWithId(String id, String data) throws IOException {
    write("id: " + id + "\ndata: " + data + "\n\n");
  }

  /** Shows that the connection lives. */
  void comment(String words) throws IOException {
    write(": " + words + "\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
