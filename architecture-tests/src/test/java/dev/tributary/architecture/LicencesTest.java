package dev.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What the product brings along, by its bill of materials, which the build makes beside the jar: under licences that let everybody run it and
 * pass it on, and listed for whoever has to know.
 */
class LicencesTest {

  /** In the order in which we choose, where a library leaves the choice. */
  private static final List<String> ALLOWED = List.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause",
      "CC0-1.0", "Public Domain", "EPL-2.0");
  private static final String OURS = "dev.tributary";
  private static final Path PRODUCT = Path.of("../bootstrap/target");
  private static final Path LISTED = Path.of("../docs/licences.md");
  private static final Path AS_IT_IS = Path.of("target/licences.md");
  private static final String TABLE = "| library | licences | chosen |";

  private record Library(String group, String name, String version, List<String> licences) {

    String jar() {
      return name + "-" + version + ".jar";
    }

    Optional<String> chosen() {
      return ALLOWED.stream().filter(licences::contains).findFirst();
    }

    String row() {
      return "| `" + group + ":" + name + "` | " + String.join(", ", licences) + " | " + chosen().orElse("none") + " |";
    }
  }

  @Test
  void every_library_lets_itself_be_passed_on() throws IOException {
    assertThat(libraries()).isNotEmpty().allSatisfy(library -> assertThat(library.chosen()).isPresent());
  }

  @Test
  void a_licence_that_is_not_allowed_is_seen() {
    assertThat(new Library("g", "n", "1", List.of("AGPL-3.0-only", "SSPL-1.0")).chosen()).isEmpty();
    assertThat(new Library("g", "n", "1", List.of()).chosen()).isEmpty();
    assertThat(new Library("g", "n", "1", List.of("LGPL-2.1-only", "EPL-2.0")).chosen()).contains("EPL-2.0");
  }

  @Test
  void the_bill_names_every_jar_that_is_shipped() throws IOException {
    try (Stream<Path> shipped = Files.list(PRODUCT.resolve("lib"))) {
      List<String> jars = shipped.map(jar -> jar.getFileName().toString()).toList();
      assertThat(Stream.concat(libraries().stream().map(Library::jar), ours()).toList()).containsAll(jars);
    }
  }

  private static Stream<String> ours() throws IOException {
    return components().filter(component -> component.group().equals(OURS)).map(Library::jar);
  }

  @Test
  void all_are_listed() throws IOException {
    String listed = Files.readString(LISTED);
    String rows = libraries().stream()
        .map(Library::row)
        .distinct()
        .sorted()
        .collect(Collectors.joining("\n", "", "\n"));
    String upToDate = listed.substring(0, listed.indexOf(TABLE)) + TABLE + "\n|---|---|---|\n" + rows;
    Files.writeString(AS_IT_IS, upToDate);
    assertThat(listed).as("docs/licences.md is out of date: architecture-tests/%s is how it should be", AS_IT_IS)
        .isEqualTo(upToDate);
  }

  private static List<Library> libraries() throws IOException {
    return components().filter(component -> !component.group().equals(OURS)).toList();
  }

  private static Stream<Library> components() throws IOException {
    Path bill = PRODUCT.resolve("tributary.cdx.json");
    assertThat(bill).as("the bill of materials, which mvn verify makes").exists();
    JsonNode components = new JsonMapper().readTree(bill.toFile()).required("components");
    return StreamSupport.stream(components.spliterator(), false)
        .map(component -> new Library(component.path("group").asText(), component.required("name").asText(),
            component.required("version").asText(), licences(component.path("licenses"))));
  }

  private static List<String> licences(JsonNode licences) {
    return StreamSupport.stream(licences.spliterator(), false).map(LicencesTest::licence).toList();
  }

  private static String licence(JsonNode licence) {
    JsonNode known = licence.path("license").path("id");
    return known.isTextual()
        ? known.textValue()
        : licence.path("license").path("name").asText(licence.path("expression").asText());
  }
}
