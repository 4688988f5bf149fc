import java.io.BufferedReader;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the AOT cache that lets the next start of Tributary take half the time: starts it once, on a Redis and a folder of its own, lets it work
 * a little, and stops it. For ./run. Arguments: the cache, then the options of the JVM with which it will be used, then -jar and the jar.
 */
final class Train {

  private static final Pattern HEALTH = Pattern.compile(".*health +(http://\\S+)/health/ready");
  private static final Pattern ID = Pattern.compile("\\{\"id\":\"([^\"]+)\".*");
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "TMPDIR", "LANG");
  private static final int ORDERS = 20;
  private static final int ENDS_WITHIN_SECONDS = 120;

  public static void main(String... arguments) throws Exception {
    Path cache = Path.of(arguments[0]).toAbsolutePath();
    Path unfinished = cache.resolveSibling(cache.getFileName() + ".unfinished");
    Path data = Files.createTempDirectory("tributary-training");
    Process process = start(unfinished, data, Arrays.asList(arguments).subList(1, arguments.length));
    // Nobody waits for this one, and nobody else would end it.
    CompletableFuture.delayedExecutor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try {
      work(process);
      // Not Process.destroy, which would close its output as well.
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      process.waitFor();
      // In one step: whoever starts meanwhile finds all of it or nothing.
      Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(unfinished);
      Files.deleteIfExists(unfinished.resolveSibling(unfinished.getFileName() + ".config"));
      delete(data);
    }
  }

  /** In an environment without settings, on a free port. */
  private static Process start(Path cache, Path data, List<String> options) throws Exception {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:AOTCacheOutput=" + cache));
    command.addAll(options);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().put("PORT", "0");
    builder.environment().put("DATA_DIR", data.toString());
    return builder.start();
  }

  private static void work(Process process) throws Exception {
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(line);
      Matcher health = HEALTH.matcher(line);
      if (health.matches()) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(System.out::println));
        buy(health.group(1));
        return;
      }
    }
    throw new IllegalStateException("it did not start");
  }

  private static void buy(String url) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String user = id(client, request(url + "/users", "{\"email\":\"ada@example.com\",\"name\":\"Ada\"}"));
      String order = "{\"userId\":\"" + user
          + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"}]}";
      for (int i = 0; i < ORDERS; i++) {
        String bought = id(client, request(url + "/orders", order));
        id(client, HttpRequest.newBuilder(URI.create(url + "/orders/" + bought)).build());
      }
    }
  }

  private static HttpRequest request(String url, String json) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  private static String id(HttpClient client, HttpRequest request) throws Exception {
    String body = client.send(request, BodyHandlers.ofString()).body();
    Matcher id = ID.matcher(body);
    if (!id.matches()) {
      throw new IllegalStateException("answered " + body);
    }
    return id.group(1);
  }

  private static void delete(Path folder) throws Exception {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
