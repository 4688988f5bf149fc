package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * An error as clients see it (RFC 9457). Its type is always {@code about:blank}: the status says it all.
 *
 * @param detail for the client: no class name, nothing of the store
 * @param headers beyond the content type
 */
record Problem(int status, String detail, List<FieldError> errors, Map<String, String> headers) {

  static final String TYPE = "application/problem+json";

  private static final String RETRY_AFTER_SECONDS = "1";

  /**
   * One invalid field.
   *
   * @param field a JSON pointer (RFC 6901) into the body, or the name of a query parameter
   */
  record FieldError(String field, String message) {}

  Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
  }

  /** What there is to say of a status when no more is known. */
  static Problem of(int status) {
    return new Problem(status, detailOf(status));
  }

  static Problem malformed(String detail) {
    return new Problem(400, detail);
  }

  static Problem unauthorized() {
    return new Problem(401, "This needs the operators' token.", List.of(), Map.of(Header.WWW_AUTHENTICATE, "Bearer"));
  }

  static Problem forbidden(String detail) {
    return new Problem(403, detail);
  }

  /** @param seconds after which to try again */
  static Problem tooMany(String detail, long seconds) {
    return new Problem(429, detail, List.of(), Map.of(Header.RETRY_AFTER, Long.toString(seconds)));
  }

  static Problem notFound(String detail) {
    return new Problem(404, detail);
  }

  /** @param allowed the methods that would do, comma-separated */
  static Problem methodNotAllowed(String allowed) {
    return new Problem(405, "Allowed here: " + allowed + ".", List.of(), Map.of(Header.ALLOW, allowed));
  }

  static Problem conflict(String detail) {
    return new Problem(409, detail);
  }

  static Problem invalid(List<FieldError> errors) {
    return new Problem(422, "Fields are invalid: see errors.", errors, Map.of());
  }

  static Problem unavailable(String detail) {
    return new Problem(503, detail, List.of(), Map.of(Header.RETRY_AFTER, RETRY_AFTER_SECONDS));
  }

  Problem(int status, String detail) {
    this(status, detail, List.of(), Map.of());
  }

  void answer(HttpServletResponse response) {
    headers.forEach(response::setHeader);
    response.setStatus(status);
    // Else the charset that Jetty assumes of JSON would be carried over.
    response.setContentType(null);
    response.setContentType(TYPE);
    try {
      response.getOutputStream().write(json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] json() {
    ObjectNode problem = Json.object()
        .put("type", "about:blank")
        .put("title", title())
        .put("status", status)
        .put("detail", detail);
    if (!errors.isEmpty()) {
      ArrayNode list = problem.putArray("errors");
      errors.forEach(error -> list.addObject().put("field", error.field()).put("message", error.message()));
    }
    return Json.bytes(problem);
  }

  private String title() {
    return status == 500 ? "Internal Server Error" : HttpStatus.forStatus(status).getMessage();
  }

  private static String detailOf(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this path.";
      case 414 -> "The path and query are too long.";
      case 431 -> "The header fields are too large.";
      case 503 -> "The server is stopping.";
      default -> status < 500 ? "The request can't be understood." : "Something went wrong here. It is logged.";
    };
  }
}
