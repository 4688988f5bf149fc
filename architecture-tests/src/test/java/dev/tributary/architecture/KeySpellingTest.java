package dev.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Only {@code Keys} spells a Redis key, because keys of one partition must share its slot, and what users send must be encoded. Class files do
 * not tell strings from each other, so this one reads the sources.
 */
class KeySpellingTest {

  private static final Path SOURCES = Path.of("../adapters-redis/src/main/java");
  private static final Pattern HASH_TAG_OR_KEY = Pattern
      .compile("\"\\{|\"[^\"]*\\}:|\"(handled|requests|published|due|retry|dead):?\"");

  @Test
  void only_Keys_spells_a_key() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> spelling = files.filter(file -> file.toString().endsWith(".java"))
          .filter(KeySpellingTest::spells)
          .toList();
      assertThat(spelling).extracting(file -> file.getFileName().toString()).containsExactly("Keys.java");
    }
  }

  @Test
  void it_bites() {
    assertThat(HASH_TAG_OR_KEY.matcher("redis.del(\"{user-events}:user:\" + id)").find()).isTrue();
    assertThat(HASH_TAG_OR_KEY.matcher("redis.zadd(stream + \"}:x\", id)").find()).isTrue();
    assertThat(HASH_TAG_OR_KEY.matcher("tagged(\"due:\" + group)").find()).isTrue();
    assertThat(HASH_TAG_OR_KEY.matcher("log.info(\"{}: reading\", name)").find()).as("a log line is none").isTrue();
  }

  private static boolean spells(Path file) {
    try {
      return Files.readAllLines(file)
          .stream()
          .filter(line -> !line.contains("log.") && !line.contains("\"{}"))
          .anyMatch(line -> HASH_TAG_OR_KEY.matcher(line).find());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
