package dev.tributary.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The users of {@code ops/redis/users.acl}, with a password that a URL has to percent-encode. */
final class ShippedUsers {

  static final String PASSWORD = "p@ss:w/ord%";
  static final String PRODUCT = "tributary:p%40ss%3Aw%2Ford%25@";

  private ShippedUsers() {}

  /** @return an ACL file */
  static Path in(Path folder) throws IOException, NoSuchAlgorithmException {
    String hash = HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(PASSWORD.getBytes(StandardCharsets.UTF_8)));
    String shipped = Files.readString(Path.of("../ops/redis/users.acl"));
    return Files.writeString(folder.resolve("users.acl"), shipped.replace("0".repeat(64), hash));
  }
}
