package dev.tributary.architecture;

import java.util.List;
import java.util.stream.Stream;

/**
 * A part of the house: which packages are its own, and what it may depend on. Whatever is not listed is forbidden.
 *
 * @param packages below the root package
 * @param below the parts that it may know
 * @param libraries what else it may know
 */
record Part(String name, String packages, List<Part> below, List<String> libraries) {

  static final Part DOMAIN = new Part("domain", "domain..", List.of(),
      List.of("java.lang..", "java.time..", "java.util",
          "java.util.regex..", "java.util.stream..", "java.util.zip", "java.math..", "java.nio.charset"));
  static final Part APPLICATION = new Part("application", "application", List.of(DOMAIN), List.of("java.."));
  static final Part EVENT_JSON = new Part("event-json", "eventjson", List.of(DOMAIN, APPLICATION),
      List.of("java..", "com.fasterxml.jackson.."));
  static final Part REDIS_SERVER = new Part("redis-server", "redisserver", List.of(), List.of("java..", "org.slf4j.."));
  static final Part MEMORY = new Part("adapters-memory", "adapters.memory", List.of(DOMAIN, APPLICATION, EVENT_JSON),
      List.of("java..", "org.slf4j.."));
  static final Part REDIS = new Part("adapters-redis", "adapters.redis", List.of(DOMAIN, APPLICATION, EVENT_JSON),
      List.of("java..", "javax.net.ssl..", "org.slf4j..", "io.lettuce..", "io.netty..", "com.fasterxml.jackson.."));
  static final Part HTTP = new Part("adapters-http", "adapters.http", List.of(DOMAIN, APPLICATION),
      List.of("java..", "org.slf4j..",
          "io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..", "com.fasterxml.jackson..", "javax.crypto.."));
  static final Part GATEWAYS = new Part("adapters-gateways", "adapters.gateways", List.of(DOMAIN, APPLICATION),
      List.of("java..", "javax.net.ssl..", "org.slf4j..", "jakarta.mail..", "org.eclipse.angus..",
          "com.fasterxml.jackson.."));
  static final Part METRICS = new Part("adapters-metrics", "adapters.metrics", List.of(DOMAIN, APPLICATION),
      List.of("java..", "org.slf4j..", "io.micrometer.."));
  static final Part TRACES = new Part("adapters-traces", "adapters.traces", List.of(DOMAIN, APPLICATION),
      List.of("java..", "org.slf4j..", "io.opentelemetry.."));
  static final Part CONTRACT = new Part("messaging-contract", "messaging.contract", List.of(DOMAIN, APPLICATION),
      List.of("java..",
          "com.sun.management..", "org.junit.jupiter.api..", "org.junit.jupiter.params..", "org.assertj..",
          "org.awaitility..", "org.slf4j..",
          "ch.qos.logback..", "com.fasterxml.jackson.."));
  static final Part BOOTSTRAP = new Part("bootstrap", "bootstrap",
      List.of(DOMAIN, APPLICATION, MEMORY, REDIS_SERVER, REDIS, HTTP, GATEWAYS, METRICS, TRACES),
      List.of("java..", "com.google.inject..", "com.github.f4b6a3.uuid..", "org.slf4j.bridge"));

  /** Sees what it measures, and what it compares that with; nobody sees it. */
  static final Part BENCHMARKS = new Part("benchmarks", "benchmarks", List.of(DOMAIN, APPLICATION, REDIS_SERVER, REDIS),
      List.of("java..", "com.sun.management", "com.fasterxml.jackson..", "io.lettuce..", "io.javalin..",
          "org.springframework.data.redis..", "org.apache.commons.pool2..", "org.redisson.."));

  /** Annotations for the compiler. */
  private static final String EVERYWHERE = "org.jspecify.annotations";

  static List<Part> all() {
    return List.of(DOMAIN, APPLICATION, EVENT_JSON, REDIS_SERVER, MEMORY, REDIS, HTTP, GATEWAYS, METRICS, TRACES,
        CONTRACT,
        BOOTSTRAP, BENCHMARKS);
  }

  /** @param root the package above all parts */
  String packages(String root) {
    return root + "." + packages;
  }

  /** Itself, the parts below it, and its libraries. */
  String[] allowed(String root) {
    Stream<String> house = Stream.concat(Stream.of(this), below.stream()).map(part -> part.packages(root));
    return Stream.of(house, libraries.stream(), Stream.of(EVERYWHERE)).flatMap(names -> names).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
