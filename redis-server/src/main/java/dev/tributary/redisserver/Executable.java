package dev.tributary.redisserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs. */
final class Executable {

  static final String BUNDLED_VERSION = "7.0.15";

  private Executable() {}

  /**
   * The bundled redis-server, unpacked into a directory unless it is there already.
   *
   * @throws IOException if there is none for this system, or it cannot be written
   */
  static Path bundledRedis(Path directory) throws IOException {
    String name = "redis-server-" + BUNDLED_VERSION + "-" + system() + "-" + architecture();
    Path target = directory.resolve(name);
    if (Files.isExecutable(target)) {
      return target;
    }
    try (InputStream bundled = Executable.class.getResourceAsStream("/" + name)) {
      if (bundled == null) {
        throw new IOException(
            "no redis-server is bundled for this system (" + name + "); set REDIS_URL to a server of your own");
      }
      return unpack(bundled, target);
    }
  }

  /** Complete under its name or not there at all, also when two processes unpack at once. */
  private static Path unpack(InputStream bundled, Path target) throws IOException {
    Path part = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
    try {
      Files.copy(bundled, part, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException _) {
      return target;
    } finally {
      Files.deleteIfExists(part);
    }
    return target;
  }

  static Optional<Path> onPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(":", -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String system() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "aarch64", "arm64" -> "arm64";
      case "x86", "i386", "i686" -> "386";
      default -> "amd64";
    };
  }
}
