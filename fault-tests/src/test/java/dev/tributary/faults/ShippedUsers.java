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
    return Files.writeString(folder.resolve("users.acl"), shipped());
  }

  /** As {@link #in}, and the default user may do everything: as him the nodes of a cluster come to each other. */
  static Path besideDefault(Path folder) throws IOException, NoSuchAlgorithmException {
    return Files.write(folder.resolve("users.acl"),
        shipped().lines().filter(line -> !line.startsWith("user default ")).toList());
  }

  private static String shipped() throws IOException, NoSuchAlgorithmException {
    String hash = HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(PASSWORD.getBytes(StandardCharsets.UTF_8)));
    return Files.readString(Path.of("../ops/redis/users.acl")).replace("0".repeat(64), hash);
  }
}
