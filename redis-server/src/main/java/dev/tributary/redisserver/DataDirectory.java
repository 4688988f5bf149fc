package dev.tributary.redisserver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A data directory that belongs to this process until it is closed: two servers on one append-only file would destroy it. */
final class DataDirectory implements AutoCloseable {

  private static final Duration PREDECESSOR_ENDS_WITHIN = Duration.ofSeconds(20);

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** @throws IOException if it can't be made or written, another process has it, or the server of one that was killed does not end */
  static DataDirectory open(Path path) throws IOException, InterruptedException {
    try {
      return open(path, lockFile(path));
    } catch (FileSystemException e) {
      throw new IOException("cannot use the data directory " + path + ": " + reason(e), e);
    }
  }

  private static FileChannel lockFile(Path path) throws IOException {
    Files.createDirectories(path);
    return FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static DataDirectory open(Path path, FileChannel lockFile) throws IOException, InterruptedException {
    var directory = new DataDirectory(path, lockFile);
    try {
      directory.lock();
      directory.awaitPredecessor();
      return directory;
    } catch (IOException | InterruptedException e) {
      directory.close();
      throw e;
    }
  }

  /** The message of such an exception is often the path alone. */
  static String reason(FileSystemException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied: " + failure.getFile();
      case FileAlreadyExistsException _ -> failure.getFile() + " is not a directory";
      case NoSuchFileException _ -> "it cannot be created: " + failure.getFile();
      default -> Objects.requireNonNullElse(failure.getReason(), "it cannot be read and written");
    };
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  Path path() {
    return path;
  }

  private void lock() throws IOException {
    if (tryLock() == null) {
      throw new IOException("the data directory is in use by another process: " + path);
    }
  }

  private @Nullable FileLock tryLock() throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  /** A killed process leaves its server behind for the moment that the server needs to notice. */
  private void awaitPredecessor() throws IOException, InterruptedException {
    Optional<ProcessHandle> left = predecessor();
    if (left.isEmpty()) {
      return;
    }
    try {
      left.get().onExit().get(PREDECESSOR_ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("redis-server " + left.get().pid() + " still runs on " + path, e);
    }
  }

  private Optional<ProcessHandle> predecessor() throws IOException {
    Path pidFile = path.resolve("redis.pid");
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    String pid = Files.readString(pidFile).strip();
    return pid.matches("\\d{1,10}")
        ? ProcessHandle.of(Long.parseLong(pid))
            .filter(process -> process.info().command().orElse("").contains("redis-server"))
        : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
