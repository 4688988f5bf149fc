package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The OpenAPI document as a test of answers: what it does not say, no answer may be or have. */
final class ApiDocument {

  /** What the default answer stands for. Any other status must be told by the call itself. */
  private static final Set<Integer> ANYWHERE = Set.of(400, 414, 417, 431, 500, 505);
  /** Headers that tell a client something of its own: there only where they are documented. */
  private static final Set<String> TELLING = Set.of("Location", "Retry-After", "Allow", "WWW-Authenticate",
      "Set-Cookie",
      "Idempotency-Replayed");
  private static final String JSON = "json";

  private static final JsonNode DOCUMENT = load();
  private static final SchemaRegistry REGISTRY = SchemaRegistry
      .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<JsonNode, Schema> COMPILED = new ConcurrentHashMap<>();

  private ApiDocument() {}

  private static JsonNode load() {
    try (InputStream in = ApiDocument.class.getResourceAsStream("/docs/openapi.json")) {
      return Json.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode document() {
    return DOCUMENT;
  }

  /** Such as {@code GET /users/{id}}. */
  static Set<String> calls() {
    return DOCUMENT.get("paths")
        .propertyStream()
        .flatMap(path -> path.getValue()
            .propertyStream()
            .map(call -> call.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** @param call such as {@code GET /users/{id}} */
  static JsonNode operation(String call) {
    String[] words = call.split(" ", 2);
    return DOCUMENT.get("paths").path(words[1]).path(words[0].toLowerCase(Locale.ROOT));
  }

  /** Follows a reference, where it is one. */
  static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.get("$ref").textValue().substring(1)) : node;
  }

  /** What is wrong with the value, in words. */
  static List<String> faults(JsonNode schema, JsonNode value) {
    return COMPILED.computeIfAbsent(schema, ApiDocument::compile)
        .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** With the components, for references are relative to the document. */
  private static Schema compile(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", DOCUMENT.get("components"));
    return REGISTRY.getSchema(whole);
  }

  /** @return the call and status that this is an answer of, where it is one of a call that is documented */
  static Optional<String> check(HttpResponse<byte[]> answer) {
    String method = answer.request().method().replace("HEAD", "GET");
    Optional<String> path = template(answer.uri().getRawPath());
    JsonNode operation = path.map(known -> operation(method + " " + known)).orElse(DOCUMENT.path("none"));
    String status = Integer.toString(answer.statusCode());
    String what = answer.request().method() + " " + answer.uri() + ": " + status;
    if (operation.isMissingNode()) {
      JsonNode refusal = DOCUMENT.at("/components/responses/" + (path.isPresent() ? "MethodNotAllowed" : "NotFound"));
      assertThat(answer.statusCode()).as(what).isIn(path.isPresent() ? 405 : 404, 400, 414);
      checkAnswer(what, answer.statusCode() == 400 ? problem() : refusal, answer);
      return Optional.empty();
    }
    JsonNode responses = operation.get("responses");
    assertThat(responses.has(status) || ANYWHERE.contains(answer.statusCode())).as(what + " is not documented")
        .isTrue();
    checkAnswer(what, resolved(responses.has(status) ? responses.get(status) : responses.get("default")), answer);
    return Optional.of(method + " " + path.orElseThrow() + " " + status);
  }

  private static JsonNode problem() {
    return DOCUMENT.at("/components/responses/Problem");
  }

  private static Optional<String> template(String path) {
    return DOCUMENT.get("paths")
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(template -> path.matches(template.replaceAll("\\{[a-z]+}", "[^/]+")))
        .min(Comparator.comparing(template -> template.contains("{")));
  }

  private static void checkAnswer(String what, JsonNode response, HttpResponse<byte[]> answer) {
    JsonNode headers = response.path("headers");
    for (String name : TELLING) {
      Optional<String> given = answer.headers().firstValue(name);
      JsonNode header = resolved(headers.path(name));
      assertThat(given.isEmpty() || headers.has(name)).as(what + " has an undocumented " + name).isTrue();
      assertThat(given.isPresent() || !header.path("required").asBoolean()).as(what + " lacks " + name).isTrue();
      given.ifPresent(value -> assertThat(faults(header.get("schema"), typed(header, value))).as(what).isEmpty());
    }
    checkContent(what, response.path("content"), answer);
  }

  private static JsonNode typed(JsonNode header, String value) {
    return header.at("/schema/type").asText().equals("integer")
        ? new IntNode(Integer.parseInt(value))
        : new TextNode(value);
  }

  private static void checkContent(String what, JsonNode content, HttpResponse<byte[]> answer) {
    if (content.isMissingNode()) {
      assertThat(answer.body()).as(what).isEmpty();
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
    assertThat(content.has(type)).as(what + " is of the type " + type).isTrue();
    if (type.endsWith(JSON) && !answer.request().method().equals("HEAD")) {
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      assertThat(faults(content.get(type).get("schema"), parse(answer.body()))).as(what + " " + text).isEmpty();
    }
  }

  static JsonNode parse(byte[] json) {
    try {
      return Json.parse(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
