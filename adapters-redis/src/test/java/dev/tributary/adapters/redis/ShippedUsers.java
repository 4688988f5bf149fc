package dev.tributary.adapters.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The users of {@code ops/redis/users.acl}, with a password put where the file has none, as its users do. */
final class ShippedUsers {

  static final String NAME = "tributary";
  static final String READER = "tributary-reader";
  /** What a URL has to percent-encode. */
  static final String PASSWORD = "p@ss:w/ord%";
  private static final String PASSWORD_IN_URL = "p%40ss%3Aw%2Ford%25";
  private static final Path FILE = Path.of("../ops/redis/users.acl");
  private static final String PLACEHOLDER = "#" + "0".repeat(64);

  private ShippedUsers() {}

  /** The lines of an ACL file. */
  static List<String> lines() {
    try {
      return Files.readAllLines(FILE).stream().map(line -> line.replace(PLACEHOLDER, "#" + sha256(PASSWORD))).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What {@code ACL SETUSER} takes behind the name. */
  static List<String> rights(String user) {
    String line = lines().stream().filter(each -> each.startsWith("user " + user + " ")).findFirst().orElseThrow();
    // A selector is one argument, blanks and all.
    return List.of(line.substring(("user " + user + " ").length()).split(" (?![^(]*\\))"));
  }

  /** @param url without a user */
  static String as(String user, String url) {
    return url.replace("://", "://" + user + ":" + PASSWORD_IN_URL + "@");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
