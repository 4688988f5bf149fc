package dev.tributary.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What was broken how often and what came of it: a line in {@code target/figures.txt} for each test. */
final class Figures {

  private static final Path FILE = Path.of("target", "figures.txt");

  private Figures() {}

  static void note(String line) throws IOException {
    System.out.println(line);
    Files.writeString(FILE, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
