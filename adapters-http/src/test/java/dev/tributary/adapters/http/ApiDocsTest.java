package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents themselves, and that the OpenAPI one says what is declared: no call less, no call more. */
class ApiDocsTest {

  private TestApi api;

  @BeforeEach
  void start() {
    api = TestApi.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void every_route_is_documented_and_every_documented_call_is_a_route() {
    Set<String> declared = api.api.routes();
    Set<String> mirrors = declared.stream()
        .filter(route -> route.startsWith("HEAD ") && declared.contains(route.replace("HEAD ", "GET ")))
        .collect(Collectors.toSet());
    declared.removeAll(mirrors);
    assertThat(ApiDocument.calls()).containsExactlyElementsOf(declared);
  }

  @Test
  void a_process_without_intake_serves_no_documents() {
    try (TestApi other = TestApi.start(false, Duration.ofSeconds(5))) {
      for (String path : List.of("/openapi.json", "/asyncapi.json", "/docs", "/docs/assets/docs.css")) {
        other.get(path).problem(404);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"/openapi.json,application/json", "/asyncapi.json,application/json", "/docs,text/html;charset=utf-8",
      "/docs/assets/docs.css,text/css; charset=utf-8", "/docs/assets/docs.js,text/javascript; charset=utf-8",
      "/docs/assets/icon.svg,image/svg+xml; charset=utf-8", "/docs/assets/swagger-ui.css,text/css; charset=utf-8",
      "/docs/assets/swagger-ui.js,text/javascript; charset=utf-8"})
  void everybody_may_read_them_and_no_other_site_is_asked(String path, String type) throws Exception {
    HttpResponse<byte[]> answer = ask(path);
    assertThat(ApiDocument.check(answer)).isPresent();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotEmpty();
    Map<String, List<String>> headers = answer.headers().map();
    assertThat(headers.get("content-type")).containsExactly(type);
    assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
    assertThat(headers.get("referrer-policy")).containsExactly("no-referrer");
    assertThat(headers.get("content-security-policy")).singleElement()
        .asString()
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .endsWith("frame-ancestors 'none'")
        .doesNotContain("unsafe", "http:", "https:", "*");
  }

  /** Not by {@link TestApi}: a page is HTML, and a library's own words may say "exception". */
  private HttpResponse<byte[]> ask(String path) throws Exception {
    return api.client.send(api.request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private String text(String path) throws Exception {
    return new String(ask(path).body(), StandardCharsets.UTF_8);
  }

  @Test
  void the_page_has_no_script_or_style_of_its_own_and_names_no_other_site() throws Exception {
    String page = text("/docs");
    assertThat(page).doesNotContain("<style", "style=", " onclick", "http://", "https://", "//cdn");
    assertThat(page).doesNotContainPattern("<script(?![^>]*src=\"/docs/assets/)");
    assertThat(page).contains("/asyncapi.json", "/openapi.json");
    api.get("/docs/assets/nothing").problem(404);
  }

  @Test
  void the_document_is_openapi_by_the_official_schema() throws IOException {
    try (InputStream schema = ApiDocsTest.class.getResourceAsStream("/spec.openapis.org/oas/3.1/schema/2022-10-07")) {
      String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      var faults = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(text, InputFormat.JSON)
          .validate(ApiDocument.document());
      assertThat(faults).isEmpty();
    }
  }

  /** The official schema leaves what a schema is to the dialect, which is JSON Schema 2020-12 here. */
  @Test
  void every_schema_is_a_schema() {
    var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    List<JsonNode> schemas = new ArrayList<>(ApiDocument.document().findValues("schema"));
    ApiDocument.document().at("/components/schemas").forEach(schemas::add);
    assertThat(schemas).hasSizeGreaterThan(50)
        .allSatisfy(one -> assertThat(schema.validate(one)).as(one.toString()).isEmpty());
  }

  @Test
  void every_reference_leads_somewhere_and_every_component_is_used() {
    Set<String> references = ApiDocument.document()
        .findValues("$ref")
        .stream()
        .map(JsonNode::textValue)
        .collect(Collectors.toSet());
    assertThat(references).allSatisfy(
        reference -> assertThat(ApiDocument.document().at(reference.substring(1)).isMissingNode()).as(reference)
            .isFalse());
    // These three are told in words alone: no call has a place for them.
    Set<String> inWords = Set.of("#/components/responses/MethodNotAllowed", "#/components/schemas/Away",
        "#/components/schemas/Entry");
    ApiDocument.document()
        .get("components")
        .propertyStream()
        .filter(kind -> !kind.getKey().equals("securitySchemes"))
        .forEach(kind -> kind.getValue().fieldNames().forEachRemaining(name -> {
          String component = "#/components/" + kind.getKey() + "/" + name;
          assertThat(references.contains(component) || inWords.contains(component)).as(component).isTrue();
        }));
  }

  /** So that an answer with a field that nobody documented fails. */
  @Test
  void every_object_is_closed() {
    assertThat(ApiDocument.document().at("/components/schemas")).allSatisfy(schema -> {
      if (schema.has("properties")) {
        assertThat(schema.path("additionalProperties").isBoolean()).as(schema.toString()).isTrue();
        assertThat(schema.get("additionalProperties").booleanValue()).as(schema.toString()).isFalse();
      }
    });
  }

  @Test
  void every_example_is_one() {
    int[] seen = {0};
    everyNode(ApiDocument.document(), node -> {
      if (node.path("schema").isObject()) {
        examples(node).forEach(example -> {
          seen[0]++;
          assertThat(ApiDocument.faults(node.get("schema"), example)).as(example.toString()).isEmpty();
        });
      }
    });
    ApiDocument.document().at("/components/schemas").forEach(schema -> schema.path("examples").forEach(example -> {
      seen[0]++;
      assertThat(ApiDocument.faults(schema, example)).as(example.toString()).isEmpty();
    }));
    assertThat(seen[0]).isGreaterThan(60);
  }

  private static List<JsonNode> examples(JsonNode holder) {
    var examples = new ArrayList<JsonNode>();
    if (holder.has("example")) {
      examples.add(holder.get("example"));
    }
    holder.path("examples").forEach(example -> examples.add(example.get("value")));
    return examples;
  }

  private static void everyNode(JsonNode node, Consumer<JsonNode> visitor) {
    visitor.accept(node);
    node.forEach(child -> everyNode(child, visitor));
  }
}
